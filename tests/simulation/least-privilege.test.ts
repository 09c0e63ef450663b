import { readYaml } from '../support/declared.ts';
import { playCommand } from './play-command.ts';
import { scenarioOf, TWO_LAPS } from './seeds.ts';

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
}
interface Role {
  readonly Properties: {
    readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  };
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

/** What a call needs, where it is not an action of the call's own name. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  's3:HeadObject': ['s3:GetObject'],
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
  's3:CopyObject': ['s3:GetObject', 's3:PutObject'],
  's3:ListObjectsV2': ['s3:ListBucket'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  // The local CloudFormation looks whether the role it is handed exists, in its caller's name; AWS asks for PassRole there.
  'iam:GetRole': ['iam:PassRole'],
};

/** What AWS itself does in a role's name, so that no call of the product shows it: the statement says why it is there. */
const OF_AWS: ReadonlySet<string> = new Set([
  'Logs',
  'Tracing',
  'TellMissingFromForbidden',
  'DecryptTheSecret',
  'PublishToAnEncryptedTopic',
  'SyncRule',
]);

/** Used by a redrive of a Map run's children only, which the local cloud does on its own. */
const REDRIVE = 'states:RedriveExecution';

/** Calls that a plain run does not make; a seed that is to reach each, with all that a run does besides, together make every call there is. */
const RARE = [
  'open-run states:DescribeExecution',
  'reconcile-cluster redshift:ResumeCluster',
  'reconcile-cluster cloudformation:DescribeStackEvents',
  'check-statement redshift-data:CancelStatement',
  'check-statement redshift-data:ExecuteStatement',
  'cancel-statement redshift-data:CancelStatement',
  'janitor sns:Publish',
  'submit-statement redshift-data:ListStatements',
] as const;

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
  const reports = await playCommand('--seeds', RARE.map((site) => seedOf(`${site} slow`)).join());
  made = new Set(reports.flatMap(({ apis }) => apis));
}, 300_000);

const roles = (readYaml('resources/roles.yml') as { readonly Resources: Readonly<Record<string, Role>> }).Resources;

function granted(role: string): ReadonlyMap<string, string> {
  const statements = roles[role]?.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
  return new Map(statements.flatMap(({ Sid = '', Action }) => [Action].flat().map((action) => [action, Sid] as const)));
}

function needed(actors: readonly string[]): ReadonlySet<string> {
  return new Set(
    [...made].flatMap((call) => {
      const [actor = '', api = '', , version] = call.split(' ');
      if (!actors.includes(actor)) return [];
      const own = NEEDS[api] ?? [api];
      return version === 'version' ? [...own, 's3:GetObjectVersion'] : own;
    }),
  );
}

test.each(Object.entries(ROLES))('%s allows every call that is made by its functions or machines', (role, actors) => {
  const allowed = granted(role);
  expect([...needed(actors)].filter((action) => !allowed.has(action))).toEqual([]);
});

test.each(Object.entries(ROLES))('%s allows nothing that is not used', (role, actors) => {
  const used = needed(actors);
  const unused = [...granted(role)].filter(
    ([action, sid]) => !used.has(action) && !OF_AWS.has(sid) && action !== REDRIVE,
  );
  expect(unused.map(([action]) => action)).toEqual([]);
});
