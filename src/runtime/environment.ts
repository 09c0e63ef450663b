import { SettingsInvalid } from '../errors/errors.ts';

/** Every environment variable the functions read, and nothing else reads any. */
const VARIABLES = [
  'ADMIN_SECRET_ARN',
  'ALARMS_TOPIC_ARN',
  'CLUSTER_NAME',
  'CLUSTER_STACK_NAME',
  'CLUSTER_STACK_ROLE_ARN',
  'CLUSTER_STATE_MACHINE_ARN',
  'COMPLETIONS_TOPIC_ARN',
  'DATABASE',
  'FILE_DEADLINE_MINUTES',
  'KMS_KEY_ARN',
  'NODES',
  'NODE_TYPE',
  'REDSHIFT_ROLE_ARN',
  'RESULTS_BUCKET',
  'SECURITY_GROUP_ID',
  'STATEMENT_TIMEOUT_MINUTES',
  'SUBNET_IDS',
  'WORK_BUCKET',
] as const;
export type Variable = (typeof VARIABLES)[number];

/** Variables by name, each present and not empty. */
export type Settings<Name extends Variable> = Readonly<Record<Name, string>>;

/** Reads variables once, when the function starts. Throws SettingsInvalid with the names of all that are missing. */
export function readSettings<Name extends Variable>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings<Name> {
  const missing = names.filter((name) => !environment[name]?.trim());
  if (missing.length > 0) throw new SettingsInvalid(`These environment variables are missing: ${missing.join(', ')}.`);
  return Object.fromEntries(names.map((name) => [name, environment[name]?.trim()])) as Settings<Name>;
}

/** Minutes as milliseconds. Throws SettingsInvalid on what is not a positive number. */
export function minutes(name: Variable, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new SettingsInvalid(`${name} is '${text}'; it has to be minutes above 0.`);
  return value * 60_000;
}
