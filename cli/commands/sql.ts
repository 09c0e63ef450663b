import {
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  type ColumnMetadata,
  type DescribeStatementCommandOutput,
  type Field,
} from '@aws-sdk/client-redshift-data';
import { DescribeClustersCommand } from '@aws-sdk/client-redshift';
import { createClients, type Clients } from '../aws/clients.ts';
import { deployedService } from '../aws/deployment.ts';
import { CommandError, EXIT, type Command, type Invocation } from '../command.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { plain } from '../text-width.ts';
import { counted } from '../../src/report/words.ts';

/** The longest a describe waits on the server, in seconds. */
const LONG_POLL_SECONDS = 20;

type Value = string | number | boolean | null;

export const sql: Command = {
  name: 'sql',
  synopsis: '"STATEMENT"',
  summary: 'Run a statement on the cluster, while there is one, and print its rows',
  options: {},
  optionHelp: {},
  positionals: { least: 1, most: 1 },
  async run(invocation) {
    const { positionals, terminal, signal } = invocation;
    using clients = createClients(invocation);
    const service = await deployedService(clients, invocation);
    const { Id: id = '' } = await clients.redshiftData
      .send(
        new ExecuteStatementCommand({
          ClusterIdentifier: service.clusterIdentifier,
          Database: service.database,
          SecretArn: service.adminSecretArn,
          Sql: positionals[0],
          StatementName: 'sluice-sql',
        }),
        { abortSignal: signal },
      )
      .catch(async (error: unknown) => {
        throw (await noCluster(clients, service.clusterIdentifier, error)) ?? error;
      });
    const described = await finished(clients, id, signal).catch(async (error: unknown) => {
      // Nobody waits for it any more: it must not go on alone.
      if (signal.aborted) await cancelled(clients, id, terminal);
      throw error;
    });
    if (described.Status !== 'FINISHED')
      throw new CommandError(
        described.Error ?? `the statement ended ${described.Status}`,
        'mend the statement and run it again',
      );
    if (!described.HasResultSet) {
      const rows = Math.max(0, described.ResultRows ?? 0);
      terminal.say(`Done, ${counted(rows, 'row')}.`);
      terminal.data({ rows });
      return EXIT.done;
    }
    const { columns, rows } = await result(clients, id, signal);
    const names = columns.map(({ label, name }) => label || name || '');
    terminal.print(table(names, rows));
    terminal.data(rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))));
    terminal.say(counted(rows.length, 'row'));
    const rounded = names.filter((_, at) => rows.some((row) => isRounded(row[at])));
    if (rounded.length > 0)
      terminal.say(
        plain(`Integers past 2^53 are shown rounded (${rounded.join(', ')}); cast them to varchar to see every digit.`),
      );
    return EXIT.done;
  },
};

/** The SDK reads integers as doubles. */
function isRounded(value: Value | undefined): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** The error to show when there is no cluster to ask, which is its usual state; undefined when there is one. */
async function noCluster(clients: Clients, identifier: string, error: unknown): Promise<CommandError | undefined> {
  if ((error as { name?: string }).name !== 'ValidationException') return undefined;
  const status = await clients.redshift
    .send(new DescribeClustersCommand({ ClusterIdentifier: identifier }))
    .then(({ Clusters }) => Clusters?.[0]?.ClusterStatus)
    .catch(() => undefined);
  if (status === 'available') return undefined;
  return new CommandError(
    status === undefined ? `there is no cluster ${identifier} now` : `the cluster ${identifier} is ${status} now`,
    'it exists only while a run holds it; to keep one after its run, set "cluster": { "afterRun": "keep" } in the manifest',
    EXIT.failed,
    { cause: error },
  );
}

async function cancelled(clients: Clients, id: string, terminal: Terminal): Promise<void> {
  await clients.redshiftData.send(new CancelStatementCommand({ Id: id })).then(
    () => terminal.say(`The statement ${id} was cancelled.`),
    (error: unknown) => terminal.say(plain(`The statement ${id} could not be cancelled: ${(error as Error).message}`)),
  );
}

async function finished(
  clients: Clients,
  id: string,
  abortSignal: AbortSignal,
): Promise<DescribeStatementCommandOutput> {
  for (;;) {
    const described = await clients.redshiftData.send(
      new DescribeStatementCommand({ Id: id, WaitTimeSeconds: LONG_POLL_SECONDS }),
      { abortSignal },
    );
    if (described.Status === 'FINISHED' || described.Status === 'FAILED' || described.Status === 'ABORTED')
      return described;
  }
}

async function result(
  clients: Clients,
  id: string,
  abortSignal: Invocation['signal'],
): Promise<{ readonly columns: readonly ColumnMetadata[]; readonly rows: readonly (readonly Value[])[] }> {
  const rows: Value[][] = [];
  let columns: readonly ColumnMetadata[] = [];
  let token: string | undefined;
  do {
    const page = await clients.redshiftData.send(new GetStatementResultCommand({ Id: id, NextToken: token }), {
      abortSignal,
    });
    columns = page.ColumnMetadata ?? columns;
    for (const record of page.Records ?? []) rows.push(record.map(value));
    token = page.NextToken;
  } while (token);
  return { columns, rows };
}

function value(field: Field): Value {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? null;
}
