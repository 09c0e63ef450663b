/**
 * What a cluster's status means for somebody who wants to use it. Every status Redshift documents is here, and one it does not know yet is
 * waited for. https://docs.aws.amazon.com/redshift/latest/APIReference/API_Cluster.html
 */
export type ClusterState =
  | 'absent'
  /** Statements can be sent. */
  | 'usable'
  | 'paused'
  /** It settles by itself. */
  | 'changing'
  | 'deleting'
  /** It does not come out of this by itself. */
  | 'stuck';

const STATES: Readonly<Record<string, ClusterState>> = {
  none: 'absent',
  available: 'usable',
  'available, prep-for-resize': 'usable',
  'available, resize-cleanup': 'usable',
  paused: 'paused',
  pausing: 'changing',
  resuming: 'changing',
  creating: 'changing',
  modifying: 'changing',
  rebooting: 'changing',
  renaming: 'changing',
  resizing: 'changing',
  'cancelling-resize': 'changing',
  'rotating-keys': 'changing',
  'updating-hsm': 'changing',
  recovering: 'changing',
  deleting: 'deleting',
  'final-snapshot': 'deleting',
  'hardware-failure': 'stuck',
  'incompatible-hsm': 'stuck',
  'incompatible-network': 'stuck',
  'incompatible-parameters': 'stuck',
  'incompatible-restore': 'stuck',
  // Loads fail on it, and nothing Sluice may do frees space.
  'storage-full': 'stuck',
};

export function clusterStateOf(status: string): ClusterState {
  return STATES[status.toLowerCase()] ?? 'changing';
}

export const CLUSTER_STATUSES = Object.keys(STATES);
