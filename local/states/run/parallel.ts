import type { Json } from '../json.ts';
import { StateFailure } from '../failure.ts';
import type { Machine, State } from '../language/definition.ts';
import type { Evaluation } from '../language/evaluation.ts';
import type { Sequence } from './context.ts';
import { fanOut } from './fan-out.ts';
import { newFrame } from './frame.ts';
import { Scope } from './scope.ts';

/** All branches with the same input, side by side; the result is the list of their outputs. */
export async function performParallel(state: State, evaluation: Evaluation, sequence: Sequence): Promise<Json> {
  const { execution, frame, trail } = sequence;
  const { history } = execution;
  const branches = state.Branches ?? [];
  const input = await evaluation.arguments();
  history.add('ParallelStateStarted', trail);
  const started = trail.last;
  const frames = (frame.inner ??= branches.map(() => null));
  const scope = new Scope(sequence.scope);
  try {
    await fanOut(branches.length, branches.length, scope, async (index) => {
      const branch = branches[index] as Machine;
      await runInner(branch, index, input, { ...sequence, scope, trail: { last: started } }, trail);
    });
  } catch (error) {
    if (error instanceof StateFailure) history.add('ParallelStateFailed', trail);
    throw error;
  } finally {
    scope.close();
  }
  history.add('ParallelStateSucceeded', trail);
  return frames.map((inner) => inner?.output ?? null);
}

/**
 * One branch or iteration, from the beginning or from where a redrive finds it; `around` is the sequence of the state it belongs to, with the
 * inner scope, trail and context. `outerTrail` moves to the inner's last event.
 */
export async function runInner(
  machine: Machine,
  index: number,
  input: Json,
  around: Sequence,
  outerTrail: { last: number },
): Promise<void> {
  const frames = (around.frame.inner ??= []);
  const known = frames[index];
  if (known?.status === 'succeeded') return;
  const frame = known ?? newFrame(machine.StartAt, input);
  frames[index] = frame;
  const { trail } = around;
  try {
    await around.execution.runSequence(
      machine,
      {
        ...around,
        frame,
        language: machine.QueryLanguage ?? around.language,
        outer: { ...around.outer, ...around.frame.variables },
      },
      known !== undefined && known !== null,
    );
  } finally {
    outerTrail.last = trail.last;
  }
}
