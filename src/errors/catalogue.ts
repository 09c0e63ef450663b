/** What the product knows about a kind of error before it happens. The message and the whereabouts come from the case. */
export interface CatalogueEntry {
  /** What happened, in general. */
  readonly happened: string;
  /** The usual reason. */
  readonly why: string;
  /** What a person does next. */
  readonly next: string;
  /** Whether the same call, later, can succeed without anybody doing anything. */
  readonly retryable: boolean;
}

const drop = 'Correct it and drop the manifest again; the data files need not be sent again.';

/**
 * Every error of the product by its code: the `name` of its class, the `ErrorEquals` of the state machines, the code in e-mails and logs.
 * A test holds this list, the classes in `errors.ts` and the state machines together.
 */
export const CATALOGUE = {
  ManifestMissing: {
    happened: 'The manifest is not there any more.',
    why: 'It was deleted, or its version was, between its arrival and the reading of it.',
    next: 'Drop the manifest again.',
    retryable: false,
  },
  ManifestChanged: {
    happened: 'The manifest was overwritten during the run.',
    why: 'Another version of it arrived; that version starts a run of its own.',
    next: 'Look at the run of the newer version. Nothing of this one needs repeating.',
    retryable: false,
  },
  ManifestTooLarge: {
    happened: 'The manifest is larger than a manifest may be.',
    why: 'A manifest is read whole, so its size is limited.',
    next: 'Split the batch over several manifests, or list fewer, larger files.',
    retryable: false,
  },
  ManifestNotJson: {
    happened: 'The manifest is not JSON.',
    why: 'The text cannot be parsed as one JSON document in UTF-8.',
    next: drop,
    retryable: false,
  },
  ManifestInvalid: {
    happened: 'The manifest is not one this service can run.',
    why: 'It does not have the shape, the names or the values a manifest must have.',
    next: `Every finding says what to do; 'sluice validate' finds the same on a laptop. ${drop}`,
    retryable: false,
  },
  ProjectUnknown: {
    happened: 'The manifest names a SQL project that is not deployed.',
    why: 'There is no folder of that name under sql/.',
    next: `Use one of the projects the message lists, or add the project and deploy. ${drop}`,
    retryable: false,
  },
  ProjectInvalid: {
    happened: 'The SQL project cannot be run.',
    why: 'A file of it breaks the rules of a SQL project.',
    next: 'Correct the files the findings name and deploy again.',
    retryable: false,
  },
  SettingsInvalid: {
    happened: 'A setting of the service is missing or wrong.',
    why: 'The environment of the function does not hold what the service needs.',
    next: 'Deploy the service again; if settings were changed by hand, change them back.',
    retryable: false,
  },
  InputInvalid: {
    happened: 'A function was called with an input it cannot use.',
    why: 'The input does not have the shape the function reads.',
    next: 'If you started the run by hand, compare its input with the documentation; otherwise deploy the service again.',
    retryable: false,
  },
  FilesNotThere: {
    happened: 'Files of the batch are not in the inbox, or not of the size the manifest gives.',
    why: 'They did not arrive before the deadline, or what arrived is not what the manifest describes.',
    next: 'Copy the files the message lists, then drop the manifest again.',
    retryable: false,
  },
  FilesNotYetThere: {
    happened: 'Files of the batch have not arrived yet.',
    why: 'They may still be under way: a manifest can overtake its files.',
    next: 'Nothing: the run waits until its deadline.',
    retryable: true,
  },
  FileChanged: {
    happened: 'A data file changed during the run.',
    why: 'It was overwritten or deleted after the run had recorded its version.',
    next: "Let the copy to the inbox finish, then drop the manifest again. A table with load 'append' that holds the batch, as the message lists them, refuses its files then: take their rows out with the undo.sql that the message names or, where that refuses because the file is another now, delete them by hand and set the table's 'loadAgain' to true.",
    retryable: false,
  },
  PlanImpossible: {
    happened: 'The batch cannot be turned into statements the warehouse accepts.',
    why: 'A statement or a unit would pass a limit of the Redshift Data API.',
    next: 'Make the table or file the message names smaller, then drop the manifest again.',
    retryable: false,
  },
  TableDiffers: {
    happened: 'A table exists already, with other columns than the manifest gives.',
    why: 'The columns of the manifest and of the table must be the same, in the same order, before anything is loaded.',
    next: "Change the manifest, or alter or drop the table, or ask for a fresh cluster (cluster.existing 'replace').",
    retryable: false,
  },
  LoadFailed: {
    happened: 'COPY refused a file.',
    why: 'A value, a line or a whole file is not what the manifest says it is.',
    next: 'Correct the file the message names, or the column or format in the manifest, and drop the manifest again.',
    retryable: false,
  },
  RowsDiffer: {
    happened: 'The rows loaded are not the rows the manifest promises.',
    why: 'Rows are missing or too many: a file is cut short, or the manifest counts another version of it.',
    next: 'Compare the counts at the source, then drop a corrected manifest. The table is as it was before the run.',
    retryable: false,
  },
  FilesLoadedBefore: {
    happened: 'Files of the batch have been loaded into the table before.',
    why: 'The table is appended to, and loading a file twice would double its rows. A file that was overwritten while an earlier run loaded it counts as loaded.',
    next: "Nothing, if the run the message names is of the same manifest, sent twice, and has its answer. Else leave the files out. If the run that loaded them failed, the undo.sql its message names takes their rows out, and they can be sent again. If their rows are not in the table, or are meant to be there twice, set the table's 'loadAgain' to true.",
    retryable: false,
  },
  KeysNotUnique: {
    happened: 'Rows of the batch share a key but differ.',
    why: 'The table is merged on its key, and which of the rows is right cannot be known.',
    next: "Correct the data, or give the manifest's table a key that tells its rows apart.",
    retryable: false,
  },
  BatchOvertaken: {
    happened: 'Another run has replaced rows that this run had loaded.',
    why: 'This run had left the cluster before it was done; an answer made now would be of the other batch.',
    next: 'Drop the manifest again: that is a new run, which loads the batch anew.',
    retryable: false,
  },
  DataCheckFailed: {
    happened: 'A data check that may stop the run found offending rows.',
    why: 'The data loaded breaks a rule of the SQL project.',
    next: "Look at the check's text and the example it gives, correct the data, and drop the batch again.",
    retryable: false,
  },
  StatementFailed: {
    happened: 'The warehouse refused a statement.',
    why: 'See the message of the warehouse.',
    next: 'Correct the SQL or the data the message names, deploy if SQL changed, and drop the manifest again.',
    retryable: false,
  },
  StatementConflict: {
    happened: 'Another transaction worked on the same table.',
    why: 'Redshift rolls one of two conflicting transactions back (error 1023, or a deadlock).',
    next: 'Nothing: the unit is tried again.',
    retryable: true,
  },
  StatementAborted: {
    happened: 'A statement was cancelled on the server.',
    why: 'Somebody, a query monitoring rule or a restart of the cluster ended it.',
    next: 'Find out who cancels statements on this cluster, then run the batch again.',
    retryable: false,
  },
  StatementTimedOut: {
    happened: 'A statement ran longer than a statement may.',
    why: 'It passed the time limit of the service and was cancelled on the server.',
    next: 'Raise the limit, give the cluster more nodes, or make the statement cheaper; then run the batch again.',
    retryable: false,
  },
  StatementNotCancelled: {
    happened: 'A statement was cancelled, and still runs.',
    why: 'The server does not end it: it rolls back a large transaction, or its session hangs.',
    next: 'End its session (pg_terminate_backend, its process is in stv_recents), or reboot the cluster. The janitor releases the cluster once the statement has ended.',
    retryable: false,
  },
  StatementLost: {
    happened: 'The warehouse does not know a statement that was submitted.',
    why: 'Its record expired, or the cluster it ran on is another one now.',
    next: 'Nothing: the unit is tried again, and the ledger tells whether it had finished.',
    retryable: true,
  },
  ClusterStackFailed: {
    happened: "The cluster's CloudFormation stack failed.",
    why: "See the reason of the stack's event.",
    next: 'Correct what the reason names (quota, node type, network, permission) and drop the manifest again.',
    retryable: false,
  },
  ClusterNotUsable: {
    happened: 'The cluster is in a state it does not come out of by itself.',
    why: 'Its status needs a person, or AWS support.',
    next: 'Look at the cluster in the Redshift console; once it is available or gone, drop the manifest again.',
    retryable: false,
  },
  ClusterVanished: {
    happened: 'The cluster went away during the run.',
    why: 'It was deleted, paused or resized by hand, or AWS replaced it.',
    next: 'Nothing, if the run is tried again; otherwise drop the manifest again.',
    retryable: true,
  },
  ClusterWaitTooLong: {
    happened: 'The cluster did not become ready in time.',
    why: 'Creating, resuming or deleting it, or waiting for its other users, took longer than the limit.',
    next: 'Look at the stack and the cluster in the console; then drop the manifest again.',
    retryable: false,
  },
  LeaseContended: {
    happened: 'Several runs changed the lease of the cluster at once.',
    why: 'Each change is a compare-and-swap, and this one lost every time it tried.',
    next: 'Nothing: it is tried again.',
    retryable: true,
  },
  LeaseLost: {
    happened: 'The run does not hold the cluster any more.',
    why: 'The janitor freed its lease, because its execution did not seem to be running.',
    next: 'Drop the manifest again.',
    retryable: false,
  },
  RunCancelled: {
    happened: 'The run was stopped.',
    why: 'Somebody stopped it, or it passed the time limit of a run.',
    next: 'Drop the manifest again when it should run.',
    retryable: false,
  },
  NotificationFailed: {
    happened: 'The e-mail about the run could not be sent.',
    why: 'SNS refused the message.',
    next: "Read the run's summary in the results bucket; check the topic and its key.",
    retryable: true,
  },
  AwsThrottled: {
    happened: 'AWS asks to slow down.',
    why: 'The account made more calls than its rate allows.',
    next: 'Nothing: the call is tried again.',
    retryable: true,
  },
  AwsUnavailable: {
    happened: 'An AWS service did not answer, or answered with an error of its own.',
    why: 'A fault of the service or the network; it passes.',
    next: 'Nothing: the call is tried again. If it lasts, look at the AWS health dashboard.',
    retryable: true,
  },
  AwsDenied: {
    happened: 'AWS denied a call.',
    why: 'The role that made the call lacks a permission, or a policy forbids it.',
    next: 'Deploy the service again; if it still fails, look for a policy of the organisation that denies the action.',
    retryable: false,
  },
  AwsRefused: {
    happened: 'AWS refused a call as wrong.',
    why: 'The call names something that does not exist, or a value the service does not accept.',
    next: 'Look at the message: if it names a setting, correct it; otherwise report it as a fault of this service.',
    retryable: false,
  },
  Unexpected: {
    happened: 'Something went wrong that nobody foresaw.',
    why: 'A fault of this service, most likely.',
    next: 'Look at the log of the step the message names, and report it.',
    retryable: false,
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type ErrorCode = keyof typeof CATALOGUE;
