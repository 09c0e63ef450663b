import type { CallFaultKind } from './faults.ts';
import { MALFORMED_COLUMN, NO_NUMBER } from './batch.ts';
import type { Incident, Scenario } from './scenario.ts';
import type { Violations } from './violations.ts';

/** One e-mail to the analysts. */
export interface Mail {
  readonly at: number;
  readonly subject: string;
  readonly text: string;
  readonly runId: string;
  readonly execution: string;
  readonly redrive: number;
  readonly status: string;
  readonly code: string;
  /** It says of itself that it may have been sent before. */
  readonly mayRepeat: boolean;
  /** It says that the run succeeded, and so it had when it was sent: every unit was committed, and the answer was what the tables said. */
  readonly isComplete: boolean;
}

/** One end of an execution: each drive has one. */
export interface End {
  readonly at: number;
  readonly execution: string;
  readonly redrive: number;
  readonly status: string;
  readonly error: string | undefined;
  readonly duplicate: boolean;
  /** The drive did nothing but tell, or not even that: it was redriven when everything was done. */
  readonly idle: boolean;
  /** The drive did nothing but leave, after a failure that the one before it met: it may end as that did, and then tells nobody twice. */
  readonly leaving: boolean;
}

/** A call that met a fault. */
export interface Hit {
  readonly site: string;
  readonly kind: CallFaultKind;
}

/** Faults after which a notification cannot know whether it has told, and tells again: SNS is at least once. */
function mayRepeat({ site, kind }: Hit): boolean {
  const lost = kind === 'timeout-after' || kind === 'error-after' || kind === 'crash-after' || kind === 'slow';
  if (site === 'notify sns:Publish') return lost;
  if (site.endsWith(' lambda:Invoke notify')) return lost;
  return site.startsWith('notify ') && (kind !== 'timeout-before' || site === 'notify s3:PutObject');
}

export interface Told {
  readonly ends: readonly End[];
  readonly mails: readonly Mail[];
  readonly hits: readonly Hit[];
  readonly incidents: readonly Incident[];
  /** Whether the end is this execution's to tell: it has claimed the run, and no other has taken it over. */
  readonly isItsRuns: (execution: string) => boolean;
  readonly at: number;
}

const MOMENT_MS = 10_000;

/** Compares what was told with what happened: each end once, as it was, in order. */
export function auditMails(told: Told, violations: Violations): void {
  const { ends, mails, at } = told;
  const shown = (list: readonly Mail[]): string => list.map(({ subject }) => subject).join('; ');
  // A function is taken down, or the state that waits for it times out, while the end is being told.
  const disturbed = told.incidents.filter(
    (incident) => incident.type === 'jump' || (incident.type === 'hand' && incident.kind === 'restart-workers'),
  ).length;
  const repeats = told.hits.filter(mayRepeat).length + disturbed;
  for (const end of ends) {
    if (end.duplicate) continue;
    const mine = mails.filter(({ execution, redrive }) => execution === end.execution && redrive === end.redrive);
    const overtaken = ends.some(({ execution, redrive }) => execution === end.execution && redrive > end.redrive);
    const before = end.idle ? mailsOfSameEnd(end, told) : 0;
    if (before + mine.length === 0) {
      if (!overtaken && !hasItsEndBeenTold(end, told) && told.isItsRuns(end.execution))
        violations.add('nobody-told', at, `drive ${end.redrive} ended ${end.status} ${end.error ?? ''}`);
      continue;
    }
    if (end.idle) {
      if (mine.length > repeats + (before === 0 ? 1 : 0)) violations.add('told-twice', at, shown(mine));
      continue;
    }
    if (mine.length > 1 + repeats) violations.add('told-twice', at, shown(mine));
    if (mine.slice(1).some(({ mayRepeat }) => !mayRepeat)) violations.add('repeat-not-marked', at, shown(mine));
    if (new Set(mine.map(({ status }) => status)).size > 1) violations.add('told-otherwise', at, shown(mine));
    for (const mail of mine) {
      const lies =
        end.status === 'SUCCEEDED' ? mail.status !== 'SUCCEEDED' : mail.status === 'SUCCEEDED' && !mail.isComplete;
      if (lies) violations.add('told-otherwise', at, `${end.status} ${end.error ?? ''}, but "${mail.subject}"`);
    }
  }
  mails.forEach((mail, nth) => {
    if (!ends.some(({ execution, redrive }) => execution === mail.execution && redrive === mail.redrive))
      violations.add('told-of-nothing', mail.at, mail.subject);
    const later = mails
      .slice(0, nth)
      .filter(({ execution, redrive }) => execution === mail.execution && redrive > mail.redrive);
    // SNS promises no order of what is sent in one moment.
    if (later.some(({ at: told }) => mail.at - told > MOMENT_MS))
      violations.add('told-too-late', mail.at, `${mail.subject}, after a later drive was told`);
  });
}

/** Whether a drive that did nothing but leave ended as an earlier one had, and that was told. */
export function hasItsEndBeenTold(
  { execution, redrive, status, error, leaving }: End,
  { mails }: Pick<Told, 'mails'>,
): boolean {
  return (
    leaving &&
    mails.some(
      (mail) =>
        mail.execution === execution && mail.redrive < redrive && mail.status === status && mail.code === (error ?? ''),
    )
  );
}

/** How many mails the drives sent whose end an idle one repeats: those before it, back to the one that did something. */
function mailsOfSameEnd({ execution, redrive: last }: End, { ends, mails }: Told): number {
  const drives = ends.filter((end) => end.execution === execution && end.redrive < last);
  const first = Math.max(0, ...drives.filter(({ idle }) => !idle).map(({ redrive }) => redrive));
  return mails.filter((mail) => mail.execution === execution && mail.redrive >= first && mail.redrive < last).length;
}

/** What every e-mail has to say. */
export function auditMail(mail: Mail, violations: Violations): void {
  const wrong = (what: string): void => violations.add('mail-wrong', mail.at, `${what}: ${mail.subject}`);
  if (!/^(OK|FAILED): [\x20-\x7E]+$/.test(mail.subject) || mail.subject.length > 100) wrong('subject');
  if (mail.subject.startsWith('OK') !== (mail.status === 'SUCCEEDED'))
    violations.add('subject-lies', mail.at, mail.subject);
  if (/[\u202a-\u202e\u2066-\u2069]/.test(mail.text)) wrong('direction');
  if (mail.status === 'SUCCEEDED') return;
  for (const line of ['Reason: ', 'What to do: ', `Code: ${mail.code}`, 'Step: '])
    if (!mail.text.includes(`\n${line}`)) wrong(`no "${line}"`);
}

/** A batch that is wrong in itself, with nothing else going wrong: the e-mail names the place. */
export function auditReason(mail: Mail, code: string, scenario: Scenario, batch: number, violations: Violations): void {
  const wrong = (what: string): void =>
    violations.add('reason-wrong', mail.at, `${what} in "${mail.subject}": ${mail.text}`);
  if (mail.code !== code) return wrong(code);
  const fault = scenario.incidents.find((incident) => incident.type === 'data' && incident.batch === batch);
  if (fault?.type !== 'data') return;
  const says = (text: string): void => {
    if (!mail.text.includes(text)) wrong(text);
  };
  if (['malformed', 'cut-short', 'rows-in-the-wrong-file', 'keys-clash', 'columns-differ'].includes(fault.kind))
    says(`Table: staging.${fault.table}`);
  if (fault.kind !== 'malformed') return;
  const file = scenario.batches[batch]?.files.find(({ table }) => table === fault.table);
  says(`/${file?.key ?? ''}`);
  says(`Line: ${(file?.rows ?? 0) + 1}`);
  says(`Column: ${MALFORMED_COLUMN[fault.table]}`);
  says(`Value: ${NO_NUMBER}`);
}
