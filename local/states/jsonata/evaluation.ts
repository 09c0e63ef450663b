import { EvaluationFailure, runtimeFailure, StateFailure } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ChoiceRule, State } from '../language/definition.ts';
import type { Evaluation, EvaluationScope, Outcome } from '../language/evaluation.ts';
import type { Bindings, Expressions } from './expressions.ts';

/** What may say with which output and assignments a state is left: the state, a rule, a catcher. */
interface Leaving {
  readonly Output?: Json;
  readonly Assign?: JsonObject;
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
export function jsonataEvaluation(state: State, scope: EvaluationScope, expressions: Expressions): Evaluation {
  const { input, context, variables } = scope;
  const bind = (more: JsonObject = {}): Bindings => ({ variables, states: { input, context, ...more } });
  const fill = (template: Json, bindings: Bindings, field: string): Promise<Json> =>
    expressions.fill(template, bindings, { state: scope.stateName, enteredEventId: scope.enteredEventId, field });
  const plain = bind();

  const assign = async (assigned: JsonObject | undefined, bindings: Bindings, at: string): Promise<JsonObject> =>
    assigned ? ((await fill(assigned, bindings, at)) as JsonObject) : {};
  const leave = async (holder: Leaving, bindings: Bindings, otherwise: Json, at = ''): Promise<Outcome> => ({
    // Both see the variables as they were when the state began.
    assigned: await assign(holder.Assign, bindings, `${at}Assign`),
    output: holder.Output === undefined ? otherwise : await fill(holder.Output, bindings, `${at}Output`),
  });
  const fieldOf = async (holder: JsonObject | undefined, name: string, at: string): Promise<Json | undefined> => {
    const value = holder?.[name];
    return value === undefined ? undefined : fill(value, plain, at);
  };
  const text = (value: Json | undefined, field: string): string | undefined => {
    if (value === undefined || typeof value === 'string') return value;
    throw new EvaluationFailure(
      `The JSONata expression specified for the field '${field}' returned an unexpected result type. Expected: string.`,
      field,
    );
  };

  return {
    arguments: async () => (state.Arguments === undefined ? input : fill(state.Arguments, plain, 'Arguments')),
    field: (name) => fieldOf(state as unknown as JsonObject, name, name),
    fieldOf,
    template: (value, at) => fill(value, plain, at),
    items: async () => (state.Items === undefined ? input : fill(state.Items, plain, 'Items')),
    select: async (item, itemContext) =>
      state.ItemSelector === undefined
        ? item
        : fill(state.ItemSelector, { variables, states: { input, context: itemContext } }, 'ItemSelector'),
    choose: async () => {
      for (const rule of state.Choices ?? [])
        if (await holds(rule))
          return { ...(await leave(rule as Leaving, plain, await otherwise(), 'Choices/')), next: rule.Next };
      if (state.Default === undefined) throw noChoice(scope.stateName);
      return { ...(await leave(state, plain, input)), next: state.Default };
    },
    failure: async () => ({
      error: text(await fieldOf(state as unknown as JsonObject, 'Error', 'Error'), 'Error'),
      cause: text(await fieldOf(state as unknown as JsonObject, 'Cause', 'Cause'), 'Cause'),
    }),
    finish: (result) =>
      leave(state, result === undefined ? plain : bind({ result }), result === undefined ? input : result),
    caught: (catcher, errorOutput) => leave(catcher, bind({ errorOutput }), errorOutput, 'Catch/'),
  };

  /** A rule without an Output of its own leaves with the state's. */
  async function otherwise(): Promise<Json> {
    return state.Output === undefined ? input : fill(state.Output, plain, 'Output');
  }

  async function holds(rule: ChoiceRule): Promise<boolean> {
    const condition = await fill(rule['Condition'] ?? null, plain, 'Choices/Condition');
    if (typeof condition === 'boolean') return condition;
    throw new EvaluationFailure(
      `An error occurred while executing the state '${scope.stateName}' (entered at the event id #${scope.enteredEventId}). The JSONata expression for the field 'Choices/Condition' returned an unexpected result type. Expected: boolean.`,
      'Choices/Condition',
    );
  }
}

const noChoice = (stateName: string): StateFailure =>
  new StateFailure('States.NoChoiceMatched', `No choice rule matched in state '${stateName}' and it has no Default`);

/** A number of seconds, items or percent that came out of an expression or path. */
export function asNumber(value: Json | undefined, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0) return value;
  throw runtimeFailure(
    `The value of '${field}' must be a number that is not negative, but it is ${JSON.stringify(value)}`,
  );
}
