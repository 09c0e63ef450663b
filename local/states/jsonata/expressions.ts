import jsonata from 'jsonata';
import { remembered, type Clock, type Ids } from '../../kernel/index.ts';
import { EvaluationFailure } from '../failure.ts';
import { isList, isObject, setMember, type Json, type JsonObject } from '../json.ts';
import { stepFunctionsFunctions } from './functions.ts';
import { plainPath } from './plain-path.ts';

/** An expression that takes longer than this of real time is taken for one that never ends. */
const LONGEST_EVALUATION_MS = 1000;
const DEEPEST_EVALUATION = 500;
const MAX_COMPILED = 10_000;

/** Where an expression stands, for the cause of its failure. */
export interface ExpressionSite {
  readonly state: string;
  readonly enteredEventId: number;
  /** `Output/total`, `Assign/count`, `Choices/Condition`. */
  readonly field: string;
}

export interface Bindings {
  readonly variables: JsonObject;
  /** `$states`. */
  readonly states: JsonObject;
}

export const isExpression = (text: string): boolean => text.startsWith('{%') && text.endsWith('%}') && text.length >= 4;

export const sourceOf = (text: string): string => text.slice(2, -2).trim();

/** Evaluates JSONata as Step Functions does; each expression is compiled once. */
export class Expressions {
  readonly #functions: Readonly<Record<string, unknown>>;

  constructor(clock: Clock, ids: Ids) {
    const fromMillis = jsonata('$fromMillis($millis, $picture, $timezone)');
    this.#functions = {
      ...stepFunctionsFunctions(clock, ids),
      now: (picture?: string, timezone?: string): unknown =>
        fromMillis.evaluate(undefined, { millis: clock.now(), picture, timezone }),
    };
  }

  /** Fills a template: every string of the form `{% … %}` in it is evaluated. */
  async fill(template: Json, bindings: Bindings, site: ExpressionSite): Promise<Json> {
    if (typeof template === 'string')
      return isExpression(template) ? this.evaluate(sourceOf(template), bindings, site) : template;
    if (isList(template)) {
      const items: Json[] = [];
      for (const [at, item] of template.entries())
        items.push(await this.fill(item, bindings, { ...site, field: `${site.field}[${at}]` }));
      return items;
    }
    if (!isObject(template)) return template;
    const filled: Record<string, Json> = {};
    for (const [name, value] of Object.entries(template))
      setMember(
        filled,
        name,
        typeof value === 'object' || typeof value === 'string'
          ? await this.fill(value, bindings, { ...site, field: `${site.field}/${name}` })
          : value,
      );
    return filled;
  }

  /** @throws EvaluationFailure where the expression fails, yields nothing or something that is no JSON. */
  async evaluate(source: string, bindings: Bindings, site: ExpressionSite): Promise<Json> {
    const failed = (what: string): EvaluationFailure =>
      new EvaluationFailure(
        `An error occurred while executing the state '${site.state}' (entered at the event id #${site.enteredEventId}). ` +
          `The JSONata expression '${source}' specified for the field '${site.field}' ${what}`,
        site.field,
      );
    // As they hide each other below.
    const variableOf = (name: string): Json | undefined => {
      if (name === 'states') return bindings.states;
      return name in this.#functions || !Object.hasOwn(bindings.variables, name) ? undefined : bindings.variables[name];
    };
    let result: unknown;
    try {
      result =
        plainPath(source, variableOf) ??
        (await compiledOf(source).evaluate(undefined, {
          ...bindings.variables,
          ...this.#functions,
          states: bindings.states,
        }));
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      throw failed(`threw an error during evaluation. ${code ? `${code}: ` : ''}${message ?? String(error)}`);
    }
    if (result === undefined) throw failed('returned nothing (undefined).');
    if (typeof result === 'string' || typeof result === 'boolean' || result === null) return result;
    if (typeof result === 'function' || (isObject(result) && '_jsonata_function' in result))
      throw failed('returned an unsupported result type.');
    // Also sheds what JSONata marks its sequences with; functions inside become null, as in AWS's JSON.
    return JSON.parse(JSON.stringify(result)) as Json;
  }
}

/** Of the process, not of a cloud: what an expression is bound to comes with each evaluation. */
const compiledOf = remembered(MAX_COMPILED, compile);

/** @throws the parser's error, with its `code`, `position` and `message`. */
export function compile(source: string): jsonata.Expression {
  return jsonata(source, { timeout: LONGEST_EVALUATION_MS, stack: DEEPEST_EVALUATION });
}
