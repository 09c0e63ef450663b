import { readFileSync } from 'node:fs';
import type { ClientSettings } from '../../src/aws/clients.ts';
import { cancelStatementFunction } from '../../src/runtime/functions/cancel-statement.ts';
import { checkStatementFunction } from '../../src/runtime/functions/check-statement.ts';
import { janitorFunction } from '../../src/runtime/functions/janitor.ts';
import { notifyFunction } from '../../src/runtime/functions/notify.ts';
import { openRunFunction } from '../../src/runtime/functions/open-run.ts';
import { reconcileClusterFunction } from '../../src/runtime/functions/reconcile-cluster.ts';
import { submitStatementFunction } from '../../src/runtime/functions/submit-statement.ts';
import type { LambdaHandler } from '../../src/runtime/lambda-handler.ts';
import { ACCOUNT, PREFIX, REGION } from '../support/declared.ts';
import type { Projects } from '../../src/run/planner.ts';

export const FUNCTIONS = [
  'open-run',
  'reconcile-cluster',
  'submit-statement',
  'check-statement',
  'cancel-statement',
  'notify',
  'janitor',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export const MACHINES = ['etl', 'statement', 'cluster'] as const;
export type MachineName = (typeof MACHINES)[number];

export const bucketOf = (name: 'inbox' | 'work' | 'results'): string => `${PREFIX}-${name}-${ACCOUNT}`;
export const machineArn = (name: string): string =>
  `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${PREFIX}-${name}`;
export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
export const CLUSTER = PREFIX;
export const STACK = `${PREFIX}-cluster`;

/** Ids of what every run of the simulation has in common. */
export interface Foundations {
  readonly adminSecretArn: string;
  readonly kmsKeyArn: string;
  readonly subnetIds: string;
  readonly securityGroupId: string;
  readonly completionsTopicArn: string;
  readonly alarmsTopicArn: string;
}

const CLUSTER_TEMPLATE = readFileSync('resources/cluster-stack.yml', 'utf8');
export const STATEMENT_TIMEOUT_MINUTES = 360;
export const FILE_DEADLINE_MINUTES = 30;

/** A fresh instance of a function, as a cold start makes one: its real handler with clients of its own. */
export function coldStart(
  name: FunctionName,
  foundations: Foundations,
  place: { readonly now: () => number; readonly clients: ClientSettings },
  projects: Projects,
): LambdaHandler<unknown> {
  const work = { WORK_BUCKET: bucketOf('work') };
  const statement = { ...work, CLUSTER_NAME: CLUSTER, DATABASE: 'dev', ADMIN_SECRET_ARN: foundations.adminSecretArn };
  const follow = { ...statement, STATEMENT_TIMEOUT_MINUTES: String(STATEMENT_TIMEOUT_MINUTES) };
  const size = { NODE_TYPE: 'ra3.large', NODES: '2' };
  switch (name) {
    case 'open-run':
      return openRunFunction(
        {
          ...work,
          RESULTS_BUCKET: bucketOf('results'),
          REDSHIFT_ROLE_ARN: roleArn('redshift'),
          FILE_DEADLINE_MINUTES: String(FILE_DEADLINE_MINUTES),
        },
        place,
        projects,
      );
    case 'reconcile-cluster':
      return reconcileClusterFunction(
        {
          ...statement,
          ...size,
          CLUSTER_STACK_NAME: STACK,
          CLUSTER_STACK_ROLE_ARN: roleArn('cluster-stack'),
          KMS_KEY_ARN: foundations.kmsKeyArn,
          SUBNET_IDS: foundations.subnetIds,
          SECURITY_GROUP_ID: foundations.securityGroupId,
          REDSHIFT_ROLE_ARN: roleArn('redshift'),
        },
        place,
        CLUSTER_TEMPLATE,
      );
    case 'submit-statement':
      return submitStatementFunction(follow, place);
    case 'check-statement':
      return checkStatementFunction(follow, place);
    case 'cancel-statement':
      return cancelStatementFunction(statement, place);
    case 'notify':
      return notifyFunction(
        {
          ...work,
          ...size,
          RESULTS_BUCKET: bucketOf('results'),
          COMPLETIONS_TOPIC_ARN: foundations.completionsTopicArn,
        },
        place,
      );
    case 'janitor':
      return janitorFunction(
        {
          ...work,
          CLUSTER_NAME: CLUSTER,
          CLUSTER_STACK_NAME: STACK,
          CLUSTER_STATE_MACHINE_ARN: machineArn('cluster'),
          ALARMS_TOPIC_ARN: foundations.alarmsTopicArn,
        },
        place,
      );
  }
}
