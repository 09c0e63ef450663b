import type { CreateWorkgroupRequest } from '@aws-sdk/client-redshift-serverless';
import { AwsError, required } from '../kernel/index.ts';
import { validation } from './errors.ts';
import type { WorkgroupSettings } from './workgroup-record.ts';

/** https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html */
export const DEFAULT_SETTINGS: WorkgroupSettings = {
  baseCapacity: 128,
  enhancedVpcRouting: false,
  publiclyAccessible: false,
  securityGroupIds: [],
  subnetIds: [],
  port: 5439,
  parameters: {
    auto_mv: 'true',
    datestyle: 'ISO, MDY',
    enable_case_sensitive_identifier: 'false',
    enable_user_activity_logging: 'true',
    query_group: 'default',
    search_path: '$user, public',
    max_query_execution_time: '14400',
  },
  ipAddressType: 'ipv4',
  trackName: 'current',
  extraComputeForAutomaticOptimization: false,
};

const PARAMETERS = new Set([
  ...Object.keys(DEFAULT_SETTINGS.parameters),
  'require_ssl',
  'use_fips_ssl',
  'wlm_json_configuration',
  'max_query_cpu_time',
  'max_query_blocks_read',
  'max_scan_row_count',
  'max_query_queue_time',
  'max_query_cpu_usage_percent',
  'max_query_temp_blocks_to_disk',
  'max_join_row_count',
  'max_nested_loop_join_row_count',
]);

/** Parameters by which SQL would mean something else: here it means what it means by default. */
const MEANING = new Set(['enable_case_sensitive_identifier', 'datestyle', 'search_path']);

type Settings = Omit<CreateWorkgroupRequest, 'workgroupName' | 'namespaceName' | 'tags'>;

/** The settings with those of a request. @throws AwsError `ValidationException` */
export function settingsWith(before: WorkgroupSettings, input: Settings): WorkgroupSettings {
  const { configParameters, maxCapacity, ...others } = input;
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  const parameters = (configParameters ?? []).map(({ parameterKey, parameterValue }): readonly [string, string] => {
    const key = required(parameterKey, 'configParameters.member.parameterKey');
    const value = required(parameterValue, 'configParameters.member.parameterValue');
    if (!PARAMETERS.has(key)) throw validation(`The config parameter '${key}' is not valid.`);
    if (MEANING.has(key) && value !== DEFAULT_SETTINGS.parameters[key])
      throw new AwsError(
        'NotImplemented',
        `the local cloud does not support the config parameter ${key}='${value}'`,
        501,
      );
    return [key, value];
  });
  const settings: WorkgroupSettings = {
    ...before,
    ...(given as Partial<WorkgroupSettings>),
    ...(maxCapacity !== undefined && { maxCapacity: capacity('maxCapacity', maxCapacity) }),
    parameters: { ...before.parameters, ...Object.fromEntries(parameters) },
  };
  capacity('baseCapacity', settings.baseCapacity);
  if (settings.maxCapacity !== undefined && settings.maxCapacity < settings.baseCapacity)
    throw validation('maxCapacity must not be less than baseCapacity.');
  if (!PORTS.some(([least, most]) => settings.port >= least && settings.port <= most))
    throw validation('Valid port ranges are 5431-5455 and 8191-8215.');
  return settings;
}

const PORTS = [
  [5431, 5455],
  [8191, 8215],
] as const;

/** RPUs: 4, steps of 8 up to 512, steps of 32 up to 1024. https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html */
function capacity(member: string, units: number): number {
  const valid =
    units === 4 ||
    (units >= 8 && units <= 512 && units % 8 === 0) ||
    (units <= 1024 && units >= 512 && units % 32 === 0);
  if (!valid)
    throw validation(`${member} must be 4, 8 to 512 in units of 8, or up to 1024 in units of 32, not ${units}.`);
  return units;
}
