/**
 * What a stack's status means for somebody who wants a cluster. Every status CloudFormation documents is here, and one it does not know yet is
 * waited for. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
export type StackState =
  /** There is none. */
  | 'absent'
  /** It comes into being. */
  | 'creating'
  /** It is there; its cluster may be used. */
  | 'ready'
  /** Somebody changes it; it settles by itself. */
  | 'changing'
  /** Its creation failed and is being undone; it settles by itself. */
  | 'failing'
  /** Its creation failed; it can only be deleted. */
  | 'failed'
  | 'deleting'
  /** Deleting it failed: it can be tried again. */
  | 'delete-failed';

const STATES: Readonly<Record<string, StackState>> = {
  NONE: 'absent',
  DELETE_COMPLETE: 'absent',
  CREATE_IN_PROGRESS: 'creating',
  CREATE_COMPLETE: 'ready',
  UPDATE_COMPLETE: 'ready',
  UPDATE_ROLLBACK_COMPLETE: 'ready',
  IMPORT_COMPLETE: 'ready',
  IMPORT_ROLLBACK_COMPLETE: 'ready',
  // An update that failed leaves the cluster as it was; whether it can be used, the cluster's own status tells.
  UPDATE_FAILED: 'ready',
  UPDATE_ROLLBACK_FAILED: 'ready',
  IMPORT_ROLLBACK_FAILED: 'ready',
  UPDATE_IN_PROGRESS: 'changing',
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: 'changing',
  UPDATE_ROLLBACK_IN_PROGRESS: 'changing',
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: 'changing',
  IMPORT_IN_PROGRESS: 'changing',
  IMPORT_ROLLBACK_IN_PROGRESS: 'changing',
  ROLLBACK_IN_PROGRESS: 'failing',
  CREATE_FAILED: 'failed',
  ROLLBACK_COMPLETE: 'failed',
  ROLLBACK_FAILED: 'failed',
  // A change set that was never executed: a stack with nothing in it.
  REVIEW_IN_PROGRESS: 'failed',
  DELETE_IN_PROGRESS: 'deleting',
  DELETE_FAILED: 'delete-failed',
};

export function stackStateOf(status: string): StackState {
  return STATES[status] ?? 'changing';
}

export const STACK_STATUSES = Object.keys(STATES);

/** CloudFormation refuses to delete a stack while it updates it. */
export function canDelete(state: StackState): boolean {
  return state !== 'absent' && state !== 'changing' && state !== 'deleting';
}
