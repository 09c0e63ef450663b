import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  type ColumnMetadata,
  type DescribeStatementCommandOutput,
  type Field,
} from '@aws-sdk/client-redshift-data';
import { createClients, unreachable, type Clients } from '../aws/clients.ts';
import { deployedService } from '../aws/deployment.ts';
import { CommandError, EXIT, type Command, type Invocation } from '../command.ts';
import { table } from '../table.ts';

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
    const { positionals, terminal, environment, signal } = invocation;
    using clients = createClients(invocation);
    const service = await deployedService(clients, invocation);
    const submitted = await clients.redshiftData
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
      .catch((error: unknown) => {
        if ((error as { name?: string }).name !== 'ValidationException') throw unreachable(error, environment);
        throw new CommandError(
          (error as Error).message,
          `the cluster ${service.clusterIdentifier} exists only while a run holds it; to keep one, set "afterRun": "keep" in the manifest`,
        );
      });
    const described = await finished(clients, submitted.Id ?? '', signal);
    if (described.Status !== 'FINISHED')
      throw new CommandError(
        described.Error ?? `the statement ended ${described.Status}`,
        'mend the statement and run it again',
      );
    if (!described.HasResultSet) {
      terminal.say(`Done, ${described.ResultRows ?? 0} rows.`);
      terminal.data({ rows: described.ResultRows ?? 0 });
      return EXIT.done;
    }
    const { columns, rows } = await result(clients, submitted.Id ?? '', signal);
    const names = columns.map(({ label, name }) => label || name || '');
    terminal.print(table(names, rows));
    terminal.data(rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))));
    terminal.say(`${rows.length} row${rows.length === 1 ? '' : 's'}`);
    return EXIT.done;
  },
};

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
