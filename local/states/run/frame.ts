import type { Json } from '../json.ts';

/**
 * Where one sequence of states is: the execution's own, a branch's, or an iteration's. The tree of frames is what a redrive continues from,
 * so it holds no more than JSON.
 */
export interface Frame {
  state: string;
  /** The state's raw input. */
  input: Json;
  /** Variables assigned in this sequence; outer ones are in the frames above. */
  variables: Record<string, Json>;
  status: 'running' | 'succeeded' | 'failed' | 'aborted';
  output?: Json;
  /** The history's event at which the state was entered. */
  entered: number;
  /** Branches of the current Parallel, iterations of the current Map; a hole for one that has not begun. */
  inner?: (Frame | null)[];
  /** The current distributed Map's run. */
  mapRunArn?: string;
}

export function newFrame(startAt: string, input: Json): Frame {
  return { state: startAt, input, variables: {}, status: 'running', entered: 0 };
}
