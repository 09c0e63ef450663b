import { batchOf } from './batch.ts';
import { CALL_SITES } from './call-sites.ts';
import { type CallFault, type CallFaultKind, faultsOf } from './faults.ts';
import { type Moment, type Stage, STAGES } from './moments.ts';
import type { Random } from './random.ts';
import {
  type Batch,
  DATA_FAULTS,
  type DataFault,
  EVENT_FAULTS,
  type FileFault,
  HAND_FAULTS,
  type HandFault,
  type Incident,
  JANITOR_FAULTS,
  type JanitorFault,
  nameOf,
  type StackFault,
  SLOW_MS,
  STACK_CALLS,
  STATEMENT_FAULTS,
  STATEMENTS,
  type StatementFault,
  type StatementKind,
  type TableName,
  TABLES,
} from './scenario.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A stage on which something happens, and with it what else must be so for the aim to be met. */
export interface Scene {
  readonly batches: readonly Batch[];
  readonly incidents: readonly Incident[];
}

/** One thing that has to happen at least once. */
export interface Goal {
  readonly name: string;
  readonly scene: (random: Random) => Scene;
}

const at = (stage: Moment['stage'], after = 0, nth = 0): Moment => ({ stage, nth, after });
const one = (random: Random, change: Partial<Batch> = {}): readonly Batch[] => [batchOf(0, random, change)];
const two = (random: Random, first: Partial<Batch>, second: Partial<Batch>): readonly Batch[] => [
  batchOf(0, random, first),
  batchOf(1, random, second),
];
const afterwards: Partial<Batch> = { at: at('telling', 5 * MINUTE) };

const hand = (kind: HandFault['kind'], moment: Moment): HandFault => ({ type: 'hand', kind, moment });
const bad = (kind: DataFault['kind'], table: TableName, batch = 0): DataFault => ({ type: 'data', kind, table, batch });
const slow = (of: StatementKind): StatementFault => ({
  type: 'statement',
  kind: 'statement-slow',
  of,
  nth: 0,
  times: 1,
});
const file = (kind: FileFault['kind'], moment: Moment): FileFault => ({
  type: 'file',
  kind,
  batch: 0,
  file: 0,
  moment,
});
const stack = (resource: StackFault['call'], times = 1): StackFault => ({ type: 'stack', call: resource, times });
const call = (site: string, kind: CallFaultKind, times = 1): CallFault => ({ type: 'call', site, nth: 0, times, kind });

/** Long after it has told its end. */
const redriveTheFailed = hand('redrive-the-failed', at('telling', 10 * MINUTE));

/** The run is stopped while a submission of a long statement is on its way, and leaves a cluster that stays. */
export const stoppedUnderWay = (): readonly Incident[] => [
  { ...slow('copy'), times: 3 },
  { ...call('submit-statement redshift-data:BatchExecuteStatement', 'slow'), nth: 3 },
  hand('stop', at('copies', 3_000)),
];

/** Where a call is made that a plain run does not make. */
const SCENES: readonly (readonly [RegExp, (random: Random) => Scene])[] = [
  [
    // Only who may have submitted before looks.
    /^submit-statement redshift-data:ListStatements$/,
    (random) => ({
      batches: one(random),
      incidents: [call('submit-statement redshift-data:BatchExecuteStatement', 'crash-after')],
    }),
  ],
  [
    // A submission dies that waits for its statement, and the next finds it past its time.
    /^submit-statement redshift-data:CancelStatement$/,
    (random) => ({
      batches: one(random),
      incidents: [
        { ...slow('copy'), kind: 'statement-times-out' },
        { type: 'jump', ms: 7 * HOUR, moment: at('copies', 2_000) },
      ],
    }),
  ],
  [
    // An attempt at every table fails, some twice, and a file has changed before the next.
    /^submit-statement redshift-data:/,
    (random) => ({
      batches: one(random),
      incidents: [
        { type: 'statement', kind: 'statement-conflict', of: 'copy', nth: 0, times: 8 },
        file('file-changed', at('copies', 0, 2)),
      ],
    }),
  ],
  [
    // Nobody has looked at a statement since it ended: the run was stopped before, and what it left is found long after.
    /^cancel-statement redshift-data:(?:DescribeStatement|GetStatementResult)$/,
    (random) => ({
      batches: one(random),
      incidents: [
        slow('copy'),
        hand('stop', at('copies', SLOW_MS - MINUTE)),
        call('janitor states:StartExecution', 'crash-before', 3),
      ],
    }),
  ],
  [
    // It was submitted, or it never was: the Data API knows of no statement, and the ledger has to be asked.
    /^cancel-statement redshift-data:ExecuteStatement$/,
    (random) => ({
      batches: one(random),
      incidents: [
        { ...call('submit-statement redshift-data:BatchExecuteStatement', 'crash-before', 8), nth: 1 },
        hand('stop', at('tables', 3_000)),
      ],
    }),
  ],
  [
    // Only who starts a run by hand looks whether it is on.
    /^open-run states:/,
    (random) => ({ batches: one(random), incidents: [hand('stop-and-start-again', at('creating', 2_000))] }),
  ],
  [/:PauseCluster$/, (random) => ({ batches: one(random, { afterRun: 'pause' }), incidents: [] })],
  [/:ResumeCluster$/, (random) => ({ batches: two(random, { afterRun: 'pause' }, afterwards), incidents: [] })],
  [/:DescribeStackEvents$/, (random) => ({ batches: one(random), incidents: [stack('CreateCluster')] })],
  [
    /^check-statement redshift-data:CancelStatement$/,
    (random) => ({ batches: one(random), incidents: [{ ...slow('copy'), kind: 'statement-times-out' }] }),
  ],
  [
    // A run that could not be opened looks at what an earlier execution of it has left.
    /^etl lambda:Invoke cancel-statement$/,
    (random) => ({ batches: one(random), incidents: [bad('project-unknown', 'sale')] }),
  ],
  [
    /^etl lambda:Invoke reconcile-cluster$/,
    (random) => ({ batches: one(random), incidents: [bad('malformed', random.pick(['sale', 'customer', 'price']))] }),
  ],
  // A statement is looked at by itself only when it takes longer than its submission waits.
  [
    /^check-statement redshift-data:ExecuteStatement$/,
    (random) => ({
      batches: one(random),
      // Whichever table's it is.
      incidents: [{ ...slow('copy'), times: 3 }, bad('malformed', random.pick(['sale', 'customer', 'price']))],
    }),
  ],
  [
    /^check-statement s3:(?:CopyObject|DeleteObject|ListObjectsV2)$/,
    (random) => ({ batches: one(random), incidents: [slow('unload')] }),
  ],
  [
    /^check-statement |^statement lambda:Invoke check-statement$/,
    (random) => ({ batches: one(random), incidents: [slow('copy')] }),
  ],
  [
    // What tidies up after a run is held up for longer than the janitor's period.
    /^janitor states:DescribeExecution$/,
    (random) => ({
      batches: one(random),
      incidents: [
        slow('copy'),
        hand('stop', at('copies', 30_000)),
        call('cancel-statement redshift-data:ListStatements', 'slow', 60),
      ],
    }),
  ],
  [
    /^janitor states:GetExecutionHistory$/,
    (random) => ({ batches: one(random), incidents: [bad('malformed', 'price'), redriveTheFailed] }),
  ],
  [
    /^cancel-statement redshift-data:CancelStatement$|^cluster lambda:Invoke notify$|^janitor (?:states:|s3:PutObject$)/,
    (random) => ({ batches: one(random), incidents: [slow('copy'), hand('stop', at('copies', 30_000))] }),
  ],
  [/^janitor sns:/, (random) => ({ batches: one(random), incidents: [stack('DeleteCluster')] })],
];

function sceneAt(site: string, random: Random): Scene {
  const [, scene] = SCENES.find(([sites]) => sites.test(site)) ?? [];
  return scene?.(random) ?? { batches: one(random), incidents: [] };
}

/** The kind of statement that is sure to run at a stage. */
const RUNNING: Partial<Record<Stage, StatementKind>> = {
  tables: 'ddl',
  copies: 'copy',
  transforms: 'transform',
  checks: 'check',
  unload: 'unload',
};

/** What cannot happen, and why: printed with the coverage, and tried by nobody. */
export const IMPOSSIBLE: ReadonlyMap<string, string> = new Map(
  (
    [
      [
        ['delete-cluster', 'pause-cluster', 'resize-cluster', 'reboot-cluster'],
        ['opening'],
        'there is no cluster before a run has asked for one',
      ],
      [['delete-stack'], ['opening'], 'there is no stack before a run has asked for one'],
      [
        ['pause-cluster', 'resize-cluster', 'reboot-cluster', 'delete-cluster'],
        ['creating'],
        'AWS refuses it for a cluster that is being created',
      ],
      [
        ['cancel-statements'],
        ['opening', 'creating', 'releasing', 'deleting', 'telling'],
        'no statement of a run runs then',
      ],
      [['forget-tokens'], ['opening', 'creating'], 'nothing has been submitted'],
      [
        ['delete-cluster', 'pause-cluster', 'resize-cluster', 'reboot-cluster'],
        ['deleting', 'telling'],
        'the cluster is being deleted already',
      ],
      [['stop-all-and-redrive-all'], ['deleting'], 'only the last of several runs is left then'],
      [
        ['repeat', 'redrive-the-failed', 'start-from-nothing'],
        STAGES.filter((stage) => stage !== 'telling'),
        'a run is repeated, redriven as one that failed, or swept away with its cluster, once it is over',
      ],
    ] as const
  ).flatMap(([kinds, stages, why]) =>
    kinds.flatMap((kind) => stages.map((stage) => [`${kind} at ${stage}`, why] as const)),
  ),
);

const callGoals: readonly Goal[] = CALL_SITES.flatMap((site) =>
  faultsOf(site).map((kind: CallFaultKind): Goal => ({
    name: `${site} ${kind}`,
    scene: (random) => {
      const { batches, incidents } = sceneAt(site, random);
      return {
        batches,
        incidents: [...incidents, call(site, kind, random.pick([1, 1, 2, 3, 5, 8]))],
      };
    },
  })),
);

/** Stages after which the cluster, or the run, is gone in a moment. */
const AT_ONCE: ReadonlySet<Stage> = new Set(['releasing', 'deleting', 'telling']);

const handGoals: readonly Goal[] = HAND_FAULTS.flatMap((kind) =>
  STAGES.map((stage): Goal => ({
    name: `${kind} at ${stage}`,
    scene: (random) => {
      if (kind === 'redrive-the-failed')
        return { batches: one(random), incidents: [bad('malformed', 'price'), redriveTheFailed] };
      if (kind === 'start-from-nothing') return fromNothing(random);
      const running = RUNNING[stage];
      // A statement that takes its time is sure to be there to be met.
      const held = running !== undefined && kind !== 'stop-and-redrive' ? [slow(running)] : [];
      // A run that is about to end has a moment left.
      const moment = stage === 'telling' ? 10 : AT_ONCE.has(stage) ? 100 : 3_000;
      // Several run once the second batch has come.
      const least = kind === 'stop-all-and-redrive-all' && !AT_ONCE.has(stage) ? 2_000 : 0;
      const after = held.length > 0 ? 30_000 : random.between(least, moment);
      const batches =
        kind === 'stop-all-and-redrive-all'
          ? two(random, {}, { at: at('opening', random.between(0, 500)) })
          : kind === 'stop-and-redrive-next-day' && running !== undefined && random.chance(0.5)
            ? // Another has written the same tables by then.
              two(random, { afterRun: 'keep' }, { ...afterwards, afterRun: 'keep' })
            : one(random);
      return { batches, incidents: [...held, hand(kind, at(stage, after))] };
    },
  })),
).filter(({ name }) => !IMPOSSIBLE.has(name));

/** Somebody deletes the lease and the stack when all is over; then another batch comes, or a run that was stopped goes on. */
function fromNothing(random: Random): Scene {
  const swept = hand('start-from-nothing', at('telling', 10 * MINUTE));
  const later = { at: at('telling', 40 * MINUTE) };
  if (random.chance(0.5)) return { batches: two(random, { afterRun: 'keep' }, later), incidents: [swept] };
  const stopped = [slow('transform'), hand('stop-and-redrive-next-day', at('transforms', 30_000))];
  return {
    batches: random.chance(0.5) ? one(random, { afterRun: 'keep' }) : two(random, { afterRun: 'keep' }, later),
    incidents: [...stopped, swept],
  };
}

const statementGoals: readonly Goal[] = STATEMENT_FAULTS.flatMap((kind) =>
  (Object.keys(STATEMENTS) as StatementKind[]).map((of): Goal => ({
    name: `${kind} in ${of}`,
    scene: (random) => ({
      batches: one(random),
      incidents: [
        { type: 'statement', kind, of, nth: 0, times: kind === 'statement-conflict' ? random.between(1, 3) : 1 },
      ],
    }),
  })),
);

const stackGoals: readonly Goal[] = STACK_CALLS.flatMap((resource) =>
  [1, 3].map((times): Goal => ({
    name: nameOf(stack(resource, times)),
    scene: (random) => {
      // A run does not create a second time what could not be created; the next one does.
      const creates = resource.startsWith('Create');
      const batches = Array.from({ length: creates ? times : 1 }, (_none, index) =>
        batchOf(index, random, { at: at('arrival', index * 30 * MINUTE) }),
      );
      // A creation that is undone deletes, too, what there is of it.
      const undone = !creates && resource !== 'DeleteCluster' && random.chance(0.5);
      return { batches, incidents: [...(undone ? [stack('CreateCluster')] : []), stack(resource, times)] };
    },
  })),
);

const eventGoals: readonly Goal[] = EVENT_FAULTS.map((kind) => ({
  name: kind,
  scene: (random) => ({
    batches: kind === 'events-reordered' ? two(random, {}, { at: at('arrival', 2_000) }) : one(random),
    incidents: [
      // One that comes again does not begin again what has failed.
      ...(kind === 'event-twice' && random.chance(0.5) ? [bad('malformed', random.pick(TABLES))] : []),
      { type: 'event', kind, batch: 0, after: random.pick([1_000, 40_000, 10 * MINUTE, 7 * HOUR]) },
    ],
  }),
}));

const janitorGoals: readonly Goal[] = JANITOR_FAULTS.map((kind) => ({
  name: kind,
  scene: (random) => {
    const stage = random.pick(['creating', 'copies', 'unload', 'releasing', 'telling'] as const);
    const running = RUNNING[stage];
    const late = kind === 'stop-event-late';
    const fault: JanitorFault = {
      type: 'janitor',
      kind,
      after: late ? random.pick([5_000, 10 * MINUTE, 3 * HOUR]) : random.pick([0, 100, 1_000, 20_000, 6 * MINUTE]),
      times: kind === 'sweeps-lost' ? random.between(1, 3) : 1,
    };
    return {
      batches: one(random, { afterRun: random.pick(['delete', 'keep', 'pause']) }),
      incidents: [
        ...(running === undefined ? [] : [slow(running)]),
        hand(random.pick(['stop', 'stop', 'stop-and-redrive']), at(stage, running === undefined ? 10 : 30_000)),
        // A sweep has something to do where the event did not come.
        ...(kind.startsWith('sweep') ? [{ ...fault, kind: 'stop-event-lost' } as const] : []),
        fault,
      ],
    };
  },
}));

/** A file of a table that is appended to changes after it was looked at and before COPY reads it; then its new version is dropped by itself. */
export const changedAndDroppedAgain = (): readonly Incident[] => [
  file('file-changed', at('copies', 0, 2)),
  file('changed-file-dropped-again', at('telling', 5 * MINUTE)),
];

const fileGoals: readonly Goal[] = [
  ...(['file-late', 'file-too-late'] as const).map((kind): Goal => ({
    name: `${kind} at arrival`,
    scene: (random) => ({
      batches: one(random),
      incidents: [
        {
          ...file(kind, at('arrival', kind === 'file-late' ? random.pick([3_000, 5 * MINUTE]) : 2 * HOUR)),
          file: random.between(0, 3),
        },
      ],
    }),
  })),
  ...(['file-changed', 'file-gone', 'manifest-overwritten'] as const).flatMap((kind) =>
    (['arrival', 'opening', 'creating', 'tables', 'copies', 'transforms'] as const).map((stage): Goal => ({
      name: `${kind} at ${stage}`,
      scene: (random) => ({
        batches: one(random),
        incidents: [
          {
            ...file(kind, at(stage, stage === 'arrival' ? random.between(0, 400) : random.between(0, 1_500))),
            file: random.between(0, 3),
          },
        ],
      }),
    })),
  ),
  {
    name: 'manifest-gone at arrival',
    scene: (random) => ({ batches: one(random), incidents: [file('manifest-gone', at('arrival', 100))] }),
  },
  {
    name: 'changed-file-dropped-again at telling',
    scene: (random) => ({
      batches: one(random, { afterRun: 'keep' }),
      incidents: changedAndDroppedAgain(),
    }),
  },
  {
    name: 'files-sent-again at telling',
    scene: (random) => ({
      batches: one(random, { afterRun: 'keep' }),
      incidents: [file('files-sent-again', at('telling', 5 * MINUTE))],
    }),
  },
];

const TABLE_OF: Partial<Record<DataFault['kind'], TableName>> = {
  'rows-in-the-wrong-file': 'sale',
  offending: 'sale',
  'keys-clash': 'customer',
};
const dataGoals: readonly Goal[] = DATA_FAULTS.map((kind) => ({
  name: kind,
  scene: (random) => {
    const table = TABLE_OF[kind] ?? random.pick(['sale', 'customer', 'price']);
    return kind === 'columns-differ'
      ? { batches: two(random, { afterRun: 'keep' }, afterwards), incidents: [bad(kind, table, 1)] }
      : { batches: one(random), incidents: [bad(kind, table)] };
  },
}));

const jumpGoals: readonly Goal[] = [-90_000, 2 * MINUTE, HOUR, 25 * HOUR, 49 * HOUR].flatMap((ms) =>
  (['creating', 'copies', 'releasing'] as const).map((stage): Goal => ({
    name: `clock jumps by ${ms / MINUTE} min at ${stage}`,
    scene: (random) => ({
      batches: one(random),
      incidents: [{ type: 'jump', ms, moment: at(stage, random.between(0, 2_000)) }],
    }),
  })),
);

const OVERLAPS: readonly Partial<Batch>[] = [
  { existing: 'reuse', afterRun: 'delete' },
  { existing: 'replace', afterRun: 'delete' },
  { existing: 'reuse', afterRun: 'keep' },
  { existing: 'reuse', afterRun: 'pause' },
];
const overlapGoals: readonly Goal[] = STAGES.flatMap((stage) =>
  OVERLAPS.map((change): Goal => ({
    name: overlapName(stage, change),
    scene: (random) => ({
      batches: two(
        random,
        // Somebody has to delete it for another to come meanwhile.
        { afterRun: stage === 'deleting' ? 'delete' : random.pick(['delete', 'pause', 'keep']) },
        { ...change, at: at(stage, random.between(0, 1_000)) },
      ),
      incidents: [],
    }),
  })),
);

export function overlapName(
  stage: Moment['stage'],
  { existing = 'reuse', afterRun = 'delete' }: Partial<Batch>,
): string {
  return `another manifest at ${stage}, ${existing}, ${afterRun}`;
}

/** Everything that has to happen, each at least once in as many seeds as there are goals. */
export const GOALS: readonly Goal[] = [
  ...callGoals,
  ...handGoals,
  ...statementGoals,
  ...stackGoals,
  ...eventGoals,
  ...janitorGoals,
  ...fileGoals,
  ...dataGoals,
  ...jumpGoals,
  ...overlapGoals,
];
