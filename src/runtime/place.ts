import { type ClientSettings, DEFAULT_CLIENT_SETTINGS } from '../aws/clients.ts';

/** Where a function runs: its clock, and how its clients reach AWS. */
export interface Place {
  readonly now: () => number;
  readonly clients: ClientSettings;
}

/** Lambda: the wall clock, and clients as the environment configures them. */
export const lambdaPlace: Place = { now: () => Date.now(), clients: DEFAULT_CLIENT_SETTINGS };
