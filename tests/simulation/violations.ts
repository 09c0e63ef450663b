/** What must never be, and was. */
export interface Violation {
  /** A short name: shrinking looks for the same one. */
  readonly rule: string;
  readonly what: string;
  readonly at: number;
}

export class Violations {
  readonly all: Violation[] = [];

  add(rule: string, at: number, what: string): void {
    this.all.push({ rule, what, at });
  }
}
