/** The element of a list, the arguments of a call being its fields, by their numbers: nested-calls.ts. */
export const ONCE = 'rs_once';

export function fieldName(argument: number): string {
  return `a${argument}`;
}

export function fieldNumber(field: string): number {
  return Number(field.slice(1));
}
