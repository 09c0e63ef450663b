import { losesDigits, type Narrowing } from './lost-digits.ts';
import { createPlanReader } from './plan-question.ts';

/** DuckDB keeps the place of a function's call in its plan, and GREATEST of one argument is that argument. */
const MARK = 'greatest';
export const MARK_OPEN = `${MARK}(`;

/** What the plan of a query with marks in it says of its types. */
export const typesOf = createPlanReader(
  ', skip_empty := true, skip_null := true, skip_default := true',
  ({ plans }) => {
    const found: PlanTypes = { types: new Map(), casts: new Map(), narrowings: [] };
    collect(plans, found);
    return found;
  },
);

/** The types of marks, and those literals are cast to, by their bytes' places; and casts that lose digits. */
interface PlanTypes {
  readonly types: Map<number, string>;
  readonly casts: Map<number, string>;
  readonly narrowings: Narrowing[];
}

interface PlanType {
  readonly id?: string;
  readonly type_info?: { readonly width?: number; readonly scale?: number; readonly alias?: string };
}

interface PlanNode {
  readonly expression_class?: string;
  readonly name?: string;
  readonly query_location?: number;
  readonly return_type?: PlanType;
  readonly value?: { readonly type?: PlanType; readonly is_null?: boolean; readonly value?: unknown };
  readonly children?: readonly PlanNode[];
  readonly child?: PlanNode;
}

function collect(node: unknown, found: PlanTypes): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { expression_class: kind, name, query_location: at, return_type: type, children } = node as PlanNode;
  if (kind === 'BOUND_FUNCTION' && name === MARK) {
    // GREATEST would make text of JSON: look below it.
    const below = children?.[0]?.child?.return_type?.type_info?.alias === 'JSON';
    found.types.set(at ?? 0, below ? 'JSON' : typeName(type));
  }
  const { child } = node as PlanNode;
  if (kind === 'BOUND_CAST') {
    const to = typeName(type);
    const constant = child?.expression_class === 'BOUND_CONSTANT' ? child : undefined;
    if (constant) found.casts.set(constant.query_location ?? 0, to);
    const from = child?.return_type ?? constant?.value?.type;
    if (
      from?.id === 'DECIMAL' &&
      losesDigits(typeName(from), to, constant?.value?.is_null ? 0 : constant?.value?.value)
    )
      found.narrowings.push({
        at,
        below: child?.expression_class === 'BOUND_CAST' ? child.query_location : undefined,
        to,
      });
  }
  for (const value of Object.values(node)) if (typeof value === 'object') collect(value, found);
}

function typeName(type: PlanType | undefined): string {
  const { id = 'NULL', type_info: info } = type ?? {};
  if (info?.alias === 'JSON') return 'JSON';
  if (id === 'DECIMAL') return `DECIMAL(${info?.width ?? 18},${info?.scale ?? 0})`;
  if (id === 'INTEGER_LITERAL') return 'INTEGER';
  if (id === 'STRING_LITERAL') return 'VARCHAR';
  return id;
}
