import type { ListedColumn } from './listed-column.ts';
import { losesDigits } from './lost-digits.ts';
import { cannotMeet, type Mismatch } from './type-categories.ts';
import type { PlannedCast } from './planned-casts.ts';
import { createPlanReader } from './plan-question.ts';

/** DuckDB keeps the place of a function's call in its plan, and GREATEST of one argument is that argument. */
const MARK = 'greatest';
export const MARK_OPEN = `${MARK}(`;

/** All columns of a query, each of its own type, at this place. */
export const LISTED = 'CASE WHEN random()<2 THEN columns(*) END';

/** What the plan of a query with marks in it says of its types. */
export const typesOf = createPlanReader(
  ', skip_empty := true, skip_null := true, skip_default := true',
  ({ plans }) => {
    const found: PlanTypes = {
      types: new Map(),
      casts: new Map(),
      lists: new Map(),
      narrowings: [],
      mismatches: [],
      mixed: false,
      lateral: false,
      unnests: false,
    };
    collect(plans, found);
    return found;
  },
);

/** The types of marks, and those literals are cast to, by their bytes' places; casts that lose digits, and those to another kind of value. */
interface PlanTypes {
  readonly types: Map<number, string>;
  readonly casts: Map<number, string>;
  /** What {@link LISTED} stands for, by its place. */
  readonly lists: Map<number, ListedColumn[]>;
  readonly narrowings: PlannedCast[];
  /** In set operations. */
  readonly mismatches: Mismatch[];
  /** Whether there may be such in CASE and the like: ours have them, too. */
  mixed: boolean;
  /** Whether a query in FROM reads what stands beside it, and whether the elements of arrays are read, which do. */
  lateral: boolean;
  unnests: boolean;
}

interface PlanType {
  readonly id?: string;
  readonly type_info?: {
    readonly width?: number;
    readonly scale?: number;
    readonly alias?: string;
    /** Of a list. */
    readonly child_type?: PlanType;
  };
}

interface PlanNode {
  readonly type?: string;
  readonly join_type?: string;
  readonly expressions?: readonly PlanNode[];
  readonly case_checks?: readonly { readonly then_expr?: PlanNode }[];
  readonly else_expr?: PlanNode;
  readonly expression_class?: string;
  readonly name?: string;
  readonly alias?: string;
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
  if (kind === 'BOUND_CASE' && at !== undefined) {
    const column = { name: (node as PlanNode).alias ?? '', type: typeName(type) };
    found.lists.set(at, [...(found.lists.get(at) ?? []), column]);
  }
  const { child, type: operator, join_type: join = '' } = node as PlanNode;
  if (operator === 'LOGICAL_DELIM_JOIN') found.lateral ||= /^(?:INNER|LEFT|RIGHT|OUTER)$/.test(join);
  found.unnests ||= operator === 'LOGICAL_UNNEST';
  for (const { construct, values } of meeting(node)) {
    const casts = values.flatMap((value) => mismatch(construct ?? '', value, values));
    if (construct === undefined) found.mixed ||= casts.length > 0 || (name !== undefined && values.some(isSuper));
    else {
      found.mismatches.push(...casts);
      found.mixed ||= values.some(losesScale);
    }
    found.mixed ||= values.some(becomesSuper);
  }
  if (kind === 'BOUND_CAST') {
    const { to } = castOf(node);
    const constant = child?.expression_class === 'BOUND_CONSTANT' ? child : undefined;
    if (constant) found.casts.set(constant.query_location ?? 0, to);
    const from = child?.return_type ?? constant?.value?.type;
    if (
      from?.id === 'DECIMAL' &&
      losesDigits(typeName(from), to, constant?.value?.is_null ? 0 : constant?.value?.value)
    )
      found.narrowings.push(castOf(node));
  }
  for (const value of Object.values(node)) if (typeof value === 'object') collect(value, found);
}

function castOf({ query_location: at, child, return_type: type }: PlanNode): PlannedCast {
  const below = child?.expression_class === 'BOUND_CAST' ? child.query_location : undefined;
  return { at, below, to: typeName(type) };
}

function typeName(type: PlanType | undefined): string {
  const { id = 'NULL', type_info: info } = type ?? {};
  if (info?.alias === 'JSON') return 'JSON';
  if (id === 'DECIMAL') return `DECIMAL(${info?.width ?? 18},${info?.scale ?? 0})`;
  if (id === 'INTEGER_LITERAL') return 'INTEGER';
  if (id === 'STRING_LITERAL') return 'VARCHAR';
  return id === 'LIST' ? `${typeName(info?.child_type)}[]` : id;
}

const SET_OPERATIONS: Readonly<Record<string, string>> = {
  LOGICAL_UNION: 'UNION',
  LOGICAL_EXCEPT: 'EXCEPT',
  LOGICAL_INTERSECT: 'INTERSECT',
};

interface Meeting {
  /** Of a set operation. */
  readonly construct: string | undefined;
  readonly values: readonly PlanNode[];
}

/** Values that become one type: of each column of a set operation, of CASE and the like. */
function meeting(node: PlanNode): readonly Meeting[] {
  const { type = '', children = [] } = node;
  const operation = SET_OPERATIONS[type];
  if (operation !== undefined) {
    const lists = children.map(
      ({ type: kind, expressions }) => (kind === 'LOGICAL_PROJECTION' ? expressions : []) ?? [],
    );
    const columns = Math.max(...lists.map((list) => list.length));
    return Array.from({ length: columns }, (_column, at) => ({
      construct: operation,
      values: lists.flatMap((list) => list[at] ?? []),
    }));
  }
  if (node.expression_class === 'BOUND_CASE') {
    const values = [...(node.case_checks ?? []).map(({ then_expr: value }) => value), node.else_expr];
    return [{ construct: undefined, values: values.filter((value) => value !== undefined) }];
  }
  if (type === 'OPERATOR_COALESCE') return [{ construct: undefined, values: children }];
  // Of one value it is a mark.
  if (node.expression_class !== 'BOUND_FUNCTION' || children.length < 2) return [];
  if (!/^(?:greatest|least)$/.test(node.name ?? '')) return [];
  return [{ construct: undefined, values: children }];
}

/** Where the value is a constant nothing may be lost by it, but the type is not what all of them have digits for. */
function losesScale({ expression_class: kind, child, return_type: type }: PlanNode): boolean {
  return (
    kind === 'BOUND_CAST' && losesDigits(typeName(child?.return_type ?? child?.value?.type), typeName(type), undefined)
  );
}

const isSuper = ({ return_type: type }: PlanNode): boolean => typeName(type) === 'JSON';

/** DuckDB would read it as JSON. */
const becomesSuper = (value: PlanNode): boolean => value.expression_class === 'BOUND_CAST' && isSuper(value);

/** Of these a plan does not say the type. */
const TRUTHS: ReadonlySet<string> = new Set(['BOUND_COMPARISON', 'BOUND_CONJUNCTION', 'BOUND_BETWEEN']);

function mismatch(construct: string, value: PlanNode, all: readonly PlanNode[]): readonly Mismatch[] {
  const { child } = value;
  if (value.expression_class !== 'BOUND_CAST' || child === undefined) return [];
  const constant = child.expression_class === 'BOUND_CONSTANT';
  const from = TRUTHS.has(child.expression_class ?? '') ? 'BOOLEAN' : typeName(child.return_type ?? child.value?.type);
  const cast = castOf(value);
  // A literal is read as what it stands beside.
  if ((constant && from === 'VARCHAR') || !cannotMeet(from, cast.to)) return [];
  const isText = (other: PlanNode): boolean =>
    other.expression_class === 'BOUND_CONSTANT' && typeName(other.value?.type) === 'VARCHAR';
  return [{ ...cast, construct, from, literal: all.every((other) => other === value || isText(other)) }];
}
