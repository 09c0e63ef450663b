import { MACROS } from './functions/macros.ts';

/** What a call of a macro becomes when it is bound: its body, with each argument wherever the body names it. */
export interface MacroSize {
  /** Tokens of the body, macros in it unfolded. */
  readonly size: number;
  /** How often it names each of its arguments, by position. */
  readonly uses: readonly number[];
  /** Whether it may stand in a lambda: DuckDB has no aggregates and no queries there. */
  readonly plain: boolean;
}

interface Macro {
  readonly parameters: readonly string[];
  readonly body: readonly string[];
}

/** A text, a quoted name, a word, a number or a sign. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_]\w*|\d+|\S/g;

const DEFINITION = /^CREATE MACRO rs\.main\.(\w+)(\([^]*)$/;

/** Of one that has several, each begins like this. */
const OVERLOAD = /(?:^|,\s*)\(([\w ,:=']*)\) AS /g;

/** Aggregates that macros are made of, and queries. */
const NOT_IN_LAMBDA =
  /^(?:select|sum|min|max|avg|count|any_value|arg_max|arg_min|bool_and|bool_or|first|last|list|string_agg|median|mode|quantile_cont|quantile_disc|stddev_pop|stddev_samp|var_pop|var_samp|approx_count_distinct)$/i;

let sizes: ((name: string, arity: number) => MacroSize | undefined) | undefined;

/** Of one of our macros, as it is called with so many arguments; undefined for every other function. */
export function macroSize(name: string, arity: number): MacroSize | undefined {
  sizes ??= sizesOf(MACROS);
  return sizes(name, arity);
}

export function sizesOf(definitions: readonly string[]): (name: string, arity: number) => MacroSize | undefined {
  const macros = new Map(definitions.flatMap(macrosOf));
  const known = new Map<Macro, MacroSize>();
  const called = (name: string, arity: number): Macro | undefined =>
    macros.get(name)?.find(({ parameters }) => parameters.length === arity);
  const sizeOf = (macro: Macro): MacroSize => {
    const found = known.get(macro) ?? unfold(macro.body, macro.parameters);
    known.set(macro, found);
    return found;
  };
  /** Of a text in which `parameters` are names. */
  const unfold = (tokens: readonly string[], parameters: readonly string[]): MacroSize => {
    let size = 0;
    let plain = true;
    const uses = parameters.map(() => 0);
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] ?? '';
      const parameter = tokens[at - 1] === '.' ? -1 : parameters.indexOf(token);
      const call = macros.has(token) && tokens[at + 1] === '(' ? argumentsAt(tokens, at + 1) : undefined;
      const inner = call && called(token, call.args.length);
      if (parameter >= 0) uses[parameter] = (uses[parameter] ?? 0) + 1;
      else if (call && inner) {
        const own = sizeOf(inner);
        size += own.size;
        plain &&= own.plain;
        for (const [index, arg] of call.args.entries()) {
          const given = unfold(arg, parameters);
          const times = own.uses[index] ?? 1;
          size += given.size * times;
          plain &&= given.plain;
          for (const [place, count] of given.uses.entries()) uses[place] = (uses[place] ?? 0) + count * times;
        }
        at = call.end;
      } else {
        size++;
        plain &&= !(tokens[at + 1] === '(' ? NOT_IN_LAMBDA : /^select$/i).test(token);
      }
    }
    return { size, uses, plain };
  };
  return (name, arity) => {
    const macro = called(name, arity);
    return macro && sizeOf(macro);
  };
}

function macrosOf(definition: string): readonly (readonly [string, readonly Macro[]])[] {
  const [, name, rest = ''] = DEFINITION.exec(definition) ?? [];
  if (name === undefined) return [];
  const begins = [...rest.matchAll(OVERLOAD)];
  const overloads = begins.map((begin, index) => ({
    parameters: (begin[1] ?? '')
      .split(',')
      .map((parameter) => /\w+/.exec(parameter)?.[0] ?? '')
      .filter((parameter) => parameter !== ''),
    body: rest.slice(begin.index + begin[0].length, begins[index + 1]?.index).match(TOKEN) ?? [],
  }));
  return [[name, overloads]];
}

/** The arguments of a call whose parenthesis opens at `open`. */
function argumentsAt(
  tokens: readonly string[],
  open: number,
): { readonly args: readonly (readonly string[])[]; readonly end: number } {
  const args: string[][] = [];
  let depth = 0;
  for (let at = open; ; at++) {
    const token = tokens[at];
    if (token === undefined) return { args, end: at };
    if (')]}'.includes(token)) depth--;
    if (depth === 0 && at > open) return { args, end: at };
    if (at > open && args.length === 0) args.push([]);
    if (token === ',' && depth === 1) args.push([]);
    else if (at > open) args.at(-1)?.push(token);
    if ('([{'.includes(token)) depth++;
  }
}
