import { RedshiftError, SQLSTATE } from '../dialect/redshift-error.ts';
import type { RedshiftType } from '../dialect/types.ts';
import type { Declaration, Target } from './body.ts';
import { NULL, type Value } from './value.ts';

export interface Variable {
  value: Value;
  /** Undefined for a record and a cursor. */
  readonly type: RedshiftType | undefined;
  readonly constant: boolean;
  readonly notNull: boolean;
  /** Of a record, once it has been assigned to. */
  fields?: ReadonlyMap<string, Value> | undefined;
  readonly record: boolean;
  readonly cursor?: Declaration['cursor'];
}

/** The variables of a block; those of the blocks around it are seen through it. */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly #label: string | undefined;
  readonly #variables = new Map<string, Variable>();

  constructor(outer?: Scope, label?: string) {
    this.#outer = outer;
    this.#label = label;
  }

  declare(name: string, variable: Variable): void {
    this.#variables.set(name, variable);
  }

  find(name: string): Variable | undefined {
    return this.#variables.get(name) ?? this.#outer?.find(name);
  }

  /** `label.variable` */
  labelled(label: string, name: string): Variable | undefined {
    return (this.#label === label ? this.#variables.get(name) : undefined) ?? this.#outer?.labelled(label, name);
  }

  /** @throws RedshiftError for what is no variable. */
  variable(name: string): Variable {
    const variable = this.find(name);
    if (!variable) throw new RedshiftError(SQLSTATE.syntaxError, `"${name}" is not a known variable`);
    return variable;
  }

  /** The value at a path: of a variable, a field of a record, a variable of a labelled block. Undefined where there is none. */
  value(path: Target): Value | undefined {
    const [first = '', second] = path;
    const variable = this.find(first);
    if (second === undefined) return variable?.record ? undefined : variable?.value;
    if (!variable?.record) return this.labelled(first, second)?.value;
    if (!variable.fields)
      throw new RedshiftError(SQLSTATE.objectNotReady, `record "${first}" is not assigned yet`, {
        hint: 'The tuple structure of a not-yet-assigned record is indeterminate.',
      });
    const field = variable.fields.get(second);
    if (!field) throw new RedshiftError(SQLSTATE.undefinedColumn, `record "${first}" has no field "${second}"`);
    return field;
  }
}

export function scalar(value: Value = NULL, more: Partial<Variable> = {}): Variable {
  return { value, type: undefined, constant: false, notNull: false, record: false, ...more };
}
