import { ACCOUNT, PREFIX, readYaml, REGION } from '../support/declared.ts';
import { bucketOf, machineArn, roleArn } from './functions.ts';
import { playCommand } from './play-command.ts';
import { scenarioOf, TWO_LAPS } from './seeds.ts';

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}
interface Role {
  readonly Properties: {
    readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  };
}
/** A statement with its resources as IAM sees them. */
interface Grant {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Who acts as which role of resources/roles.yml. */
const ROLES: Readonly<Record<string, readonly string[]>> = {
  OpenRunRole: ['open-run'],
  ClusterRole: ['reconcile-cluster'],
  StatementRole: ['submit-statement', 'check-statement', 'cancel-statement'],
  NotifyRole: ['notify'],
  JanitorRole: ['janitor'],
  StateMachinesRole: ['etl', 'statement', 'cluster'],
};

/** What AWS itself does in a role's name, so that no call of the product shows it: the statement says why it is there. */
const OF_AWS: ReadonlySet<string> = new Set([
  'Logs',
  'Tracing',
  'TellMissingFromForbidden',
  'DecryptTheSecret',
  'PublishToAnEncryptedTopic',
  'SyncRule',
  'MapItems',
  'FollowMapItems',
  'RedriveThem',
]);

/**
 * Actions for which AWS knows no resources, so that a policy has to say `*`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonredshiftdataapi.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
const WITHOUT_RESOURCES: ReadonlySet<string> = new Set([
  ...['DescribeStatement', 'GetStatementResult', 'CancelStatement', 'ListStatements'].map(
    (name) => `redshift-data:${name}`,
  ),
  ...['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map(
    (name) => `xray:${name}`,
  ),
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'].map(
    (name) => `logs:${name}`,
  ),
  ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'].map((name) => `logs:${name}`),
]);

/** Calls that a plain run does not make; a seed that is to reach each, with all that a run does besides, together make every call there is. */
const RARE = [
  'open-run states:DescribeExecution',
  'reconcile-cluster redshift:ResumeCluster',
  'reconcile-cluster cloudformation:DescribeStackEvents',
  'check-statement redshift-data:CancelStatement',
  'check-statement redshift-data:ExecuteStatement',
  'cancel-statement redshift-data:CancelStatement',
  'janitor sns:Publish',
  'janitor states:DescribeExecution',
  'janitor states:GetExecutionHistory',
  'submit-statement redshift-data:ListStatements',
] as const;

/** A run of which two ends are told, so that the report of the second takes the place of the first's. */
const SECOND_END = 'stop-and-redrive-next-day at copies';

/** The first seed that reaches a goal with nothing else going wrong. */
function seedOf(goal: string): number {
  for (let seed = 1; seed <= TWO_LAPS; seed++) {
    const scenario = scenarioOf(seed);
    if (scenario.goal === goal && scenario.alone) return seed;
  }
  throw new RangeError(`no seed pursues '${goal}'`);
}

let made: ReadonlySet<string>;

beforeAll(async () => {
  const goals = [...RARE.map((site) => `${site} timeout-after`), SECOND_END];
  const reports = await playCommand('--seeds', goals.map(seedOf).join());
  made = new Set(reports.flatMap(({ apis }) => apis));
}, 300_000);

const roles = (readYaml('resources/roles.yml') as { readonly Resources: Readonly<Record<string, Role>> }).Resources;

/** What deployment puts in the place of what a template refers to, named as the simulation names it. */
function referred(name: string): string {
  const bucket = /^(\w+)Bucket(?:\.Arn)?$/.exec(name)?.[1];
  if (bucket !== undefined) return `arn:aws:s3:::${bucketOf(bucket.toLowerCase() as 'inbox')}`;
  const topic = /^(\w+)Topic$/.exec(name)?.[1];
  if (topic !== undefined) return `arn:aws:sns:${REGION}:${ACCOUNT}:${PREFIX}-${topic.toLowerCase()}`;
  const fn = /^(\w+)LambdaFunction\.Arn$/.exec(name)?.[1];
  if (fn !== undefined) return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${fn.replace('Dash', '-').toLowerCase()}`;
  return (
    {
      'AWS::Partition': 'aws',
      'AWS::Region': REGION,
      'AWS::AccountId': ACCOUNT,
      // Secrets Manager adds six characters to a secret's name.
      AdminSecret: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${PREFIX}-admin-??????`,
      'ServiceKey.Arn': `arn:aws:kms:${REGION}:${ACCOUNT}:key/the-key`,
      'CloudFormationRole.Arn': roleArn('cluster-stack'),
      'RedshiftRole.Arn': roleArn('redshift'),
      EtlStateMachine: machineArn('etl'),
    }[name] ?? `unknown ${name}`
  );
}

function resolved(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { Ref, ...of } = resource as { Ref?: string; 'Fn::GetAtt'?: readonly string[]; 'Fn::Sub'?: string };
  if (Ref !== undefined) return referred(Ref);
  return (
    of['Fn::Sub']?.replaceAll(/\$\{([^}]+)\}/g, (_all, name: string) => referred(name)) ??
    referred(of['Fn::GetAtt']?.join('.') ?? '')
  );
}

function grantsOf(role: string): readonly Grant[] {
  const statements = roles[role]?.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
  return statements.map(({ Sid = '', Action, Resource }) => ({
    sid: Sid,
    actions: [Action].flat(),
    resources: [Resource].flat().map(resolved),
  }));
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
function covers(pattern: string, resource: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\/-]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(resource);
}

interface Need {
  readonly action: string;
  readonly resource: string;
}

function needed(actors: readonly string[]): readonly Need[] {
  return [...made].flatMap((permission) => {
    const [actor = '', action = '', resource = ''] = permission.split(' ');
    return actors.includes(actor) ? [{ action, resource }] : [];
  });
}

test.each(Object.entries(ROLES))(
  '%s allows every call that its functions or machines make, on what they make it',
  (role, actors) => {
    const grants = grantsOf(role);
    const refused = needed(actors).filter(
      ({ action, resource }) =>
        !grants.some(
          ({ actions, resources }) =>
            actions.includes(action) && resources.some((pattern) => covers(pattern, resource)),
        ),
    );
    expect(refused).toEqual([]);
  },
);

test.each(Object.entries(ROLES))(
  '%s allows no action that is not used, and none on what it is not used on',
  (role, actors) => {
    const needs = needed(actors);
    const unused = grantsOf(role).flatMap(({ sid, actions, resources }) => {
      if (OF_AWS.has(sid)) return [];
      const used = needs.filter(
        ({ action, resource }) => actions.includes(action) && resources.some((pattern) => covers(pattern, resource)),
      );
      return [
        ...actions.filter((action) => !used.some((need) => need.action === action)),
        ...resources.filter((pattern) => !used.some(({ resource }) => covers(pattern, resource))),
      ];
    });
    expect(unused).toEqual([]);
  },
);

test.each(Object.entries(roles).filter(([, { Properties }]) => Properties.Policies !== undefined))(
  '%s names what it may touch: this stage of this service, and `*` only where AWS knows no resources',
  (role) => {
    // CloudFormation describes what it creates, and decides itself how.
    const wide = grantsOf(role).flatMap(({ sid, actions, resources }) =>
      resources.flatMap((pattern) => {
        if (pattern === '*')
          return role === 'CloudFormationRole' && sid === 'Describe'
            ? []
            : actions.filter((action) => !WITHOUT_RESOURCES.has(action));
        // A wildcard stands for what is in something that has a name, never for a part of the name.
        // Names that CloudFormation gives begin with the stack's.
        const named = /^(?:arn:aws:[^*?]+?)(?:\/\*|:\*|\/\*:\*)?$/.test(
          pattern.replace(/-\?{6}$|(?<=group:.*-cluster)-\*$/, ''),
        );
        return named && !pattern.includes('unknown') ? [] : [`${sid}: ${pattern}`];
      }),
    );
    expect(wide).toEqual([]);
  },
);
