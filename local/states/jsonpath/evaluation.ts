import type { Ids } from '../../kernel/index.ts';
import { StateFailure } from '../failure.ts';
import type { Json, JsonObject } from '../json.ts';
import type { State } from '../language/definition.ts';
import type { Evaluation, EvaluationScope } from '../language/evaluation.ts';
import { ruleHolds } from './choice.ts';
import { lookUp, placeAt, type PathRoots } from './lookup.ts';
import { evaluatePath, fillTemplate } from './template.ts';

/** States whose result can be put into their input with ResultPath. */
const WITH_RESULT: ReadonlySet<string> = new Set(['Task', 'Parallel', 'Map', 'Pass']);

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html */
export function jsonPathEvaluation(state: State, scope: EvaluationScope, ids: Ids): Evaluation {
  const { context, variables, input: raw } = scope;
  const roots = (input: Json, seen: JsonObject = context): PathRoots => ({ input, context: seen, variables });
  const select = (path: string | null | undefined, input: Json, field: string): Json => {
    if (path === null) return {};
    if (path === undefined || path === '$') return input;
    const value = lookUp(path, roots(input));
    if (value === undefined)
      throw new StateFailure(
        'States.Runtime',
        `An error occurred while executing the state '${scope.stateName}' (entered at the event id #${scope.enteredEventId}). Invalid path '${path}' for ${field}: No results for path`,
      );
    return value;
  };
  const input = select(state.InputPath, raw, 'InputPath');
  const assign = (assigned: JsonObject | undefined, from: Json): JsonObject =>
    assigned ? (fillTemplate(assigned, roots(from), ids) as JsonObject) : {};

  const fieldOf = async (holder: JsonObject | undefined, name: string): Promise<Json | undefined> => {
    const path = holder?.[`${name}Path`];
    return typeof path === 'string' ? evaluatePath(path, roots(input), ids, `${name}Path`) : holder?.[name];
  };
  const text = async (name: string): Promise<string | undefined> => {
    const value = await fieldOf(state as unknown as JsonObject, name);
    return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
  };

  return {
    arguments: async () => (state.Parameters === undefined ? input : fillTemplate(state.Parameters, roots(input), ids)),
    field: (name) => fieldOf(state as unknown as JsonObject, name),
    fieldOf: (holder, name) => fieldOf(holder, name),
    template: async (value) => fillTemplate(value, roots(input), ids),
    items: async () => select(state.ItemsPath, input, 'ItemsPath'),
    select: async (item, itemContext) => {
      const selector = state.ItemSelector ?? state.Parameters;
      return selector === undefined ? item : fillTemplate(selector, roots(input, itemContext), ids);
    },
    choose: async () => {
      const rule = state.Choices?.find((candidate) => ruleHolds(candidate, roots(input)));
      const next = rule?.Next ?? state.Default;
      if (next === undefined)
        throw new StateFailure(
          'States.NoChoiceMatched',
          `No choice rule matched in state '${scope.stateName}' and it has no Default`,
        );
      const assigned = rule ? (rule['Assign'] as JsonObject | undefined) : state.Assign;
      return { output: select(state.OutputPath, input, 'OutputPath'), assigned: assign(assigned, input), next };
    },
    failure: async () => ({ error: await text('Error'), cause: await text('Cause') }),
    finish: async (result) => {
      // A Pass hands on its Result, or what its Parameters made; Wait, Succeed and the like hand on their input.
      const own = result === undefined ? input : result;
      const selected = state.ResultSelector ? fillTemplate(state.ResultSelector, roots(own), ids) : own;
      const placed =
        !WITH_RESULT.has(state.Type) || state.ResultPath === undefined
          ? selected
          : state.ResultPath === null
            ? raw
            : placeAt(raw, state.ResultPath, selected);
      return { output: select(state.OutputPath, placed, 'OutputPath'), assigned: assign(state.Assign, selected) };
    },
    caught: async (catcher, errorOutput) => ({
      output:
        catcher.ResultPath === null
          ? raw
          : catcher.ResultPath === undefined
            ? errorOutput
            : placeAt(raw, catcher.ResultPath, errorOutput),
      assigned: assign(catcher.Assign, errorOutput),
    }),
  };
}
