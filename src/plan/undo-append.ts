import type { Table } from '../manifest/manifest.ts';
import { copySql } from '../redshift-sql/copy.ts';
import { foldName, identifier, identifiers, qualified } from '../redshift-sql/identifier.ts';
import { literal } from '../redshift-sql/literal.ts';
import { type CopyContext, tableCondition } from './copy-context.ts';

/** The rows of the unit, loaded once more; and the table without them. A manifest cannot name a table like them. */
const TAKEN = 'sluice_taken';
const REMAINING = 'sluice_remaining';

/**
 * What takes exactly the rows out of a table again that a unit has appended to it, in one transaction, and forgets that they were loaded. For a
 * person to run when the run has failed: only they know whether the batch is to stay. Rows have no mark of their run, so they are loaded once
 * more beside the table and subtracted, each as often as it is there. Fails, and changes nothing, when they have been taken out already, when
 * the files are not what they were, or when some of the rows have been changed or deleted since.
 */
export function undoAppend(table: Table, id: string, manifestKey: string, context: CopyContext): readonly string[] {
  const target = qualified(table);
  const names = table.columns.map(({ name }) => name);
  const columns = identifiers(names);
  // Values of SUPER cannot be compared as they are.
  const compared = table.columns
    .map(({ name, type }) => (type.name === 'super' ? `json_serialize(${identifier(name)})` : identifier(name)))
    .join(', ');
  const [weight, total, number] = ['sluice_weight', 'sluice_total', 'sluice_number'].map((name) => beside(name, names));
  const { workBucket: bucket, redshiftRoleArn: roleArn } = context.settings;
  const unit = `run_id = ${literal(context.runId)} and unit_id = ${literal(id)}`;
  const must = (condition: string, as: string): string =>
    `select 1 / case when ${condition} then 1 else 0 end as ${as}`;
  return [
    `lock table ${target}`,
    `${must('count(*) > 0', 'rows_are_there')}\nfrom sluice.ledger where ${unit}`,
    `create temp table ${TAKEN} (like ${target})`,
    copySql(TAKEN, names, table.format, { manifest: { bucket, key: manifestKey }, roleArn }),
    `${must(`count(*) = (select max(rows) from sluice.ledger where ${unit})`, 'files_as_loaded')}\nfrom ${TAKEN}`,
    `create temp table ${REMAINING} as\nselect ${columns}\nfrom (\n` +
      `  select ${columns}, ${weight},\n` +
      `    sum(${weight}) over (partition by ${compared}) as ${total},\n` +
      `    row_number() over (partition by ${compared} order by ${weight} desc) as ${number}\n` +
      `  from (\n    select ${columns}, 1 as ${weight} from ${target}\n    union all\n    select ${columns}, -1 from ${TAKEN}\n  ) as weighed\n` +
      `) as counted\nwhere ${weight} = 1 and ${number} <= ${total}`,
    `${must(`count(*) - (select count(*) from ${REMAINING}) = (select count(*) from ${TAKEN})`, 'rows_as_loaded')}\nfrom ${target}`,
    `delete from ${target}`,
    `insert into ${target} (${columns})\nselect ${columns}\nfrom ${REMAINING}`,
    `delete from sluice.loaded_file where ${tableCondition(table)} and ${unit}`,
    `delete from sluice.ledger where ${unit}`,
    `drop table ${TAKEN}`,
    `drop table ${REMAINING}`,
  ];
}

/** A name that none of the columns has. */
function beside(name: string, columns: readonly string[]): string {
  const taken = new Set(columns.map(foldName));
  let free = name;
  while (taken.has(free)) free += '_';
  return free;
}
