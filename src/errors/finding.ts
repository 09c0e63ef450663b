/** One thing wrong with a document somebody wrote: a manifest or a SQL project. Many are reported at once, so nobody fixes them one by one. */
export interface Finding {
  /** Where: a JSON path (`schemas[0].tables[2].name`) or a file and line (`sql/flights/transforms/route.sql:12`). */
  readonly path: string;
  readonly what: string;
  readonly why: string;
  /** What to do about it. */
  readonly do: string;
}

/** One line for a person: `schemas[0].name: the name is empty; a schema needs a name. Name it.` */
export function describeFinding(finding: Finding): string {
  return `${finding.path === '' ? 'the document' : finding.path}: ${finding.what}. ${finding.why}. ${finding.do}.`;
}
