import { RedshiftError, SQLSTATE } from '../redshift-error.ts';

/** One piece of a datetime format: a pattern, or text that stands for itself. */
export type TemplatePart =
  | {
      readonly kind: 'pattern';
      /** In upper case. */
      readonly name: string;
      /** As it was written: the case of names follows it. */
      readonly text: string;
      /** `FM`: neither blanks nor leading zeros. */
      readonly bare: boolean;
      /** `TH` or `th` after it. */
      readonly ordinal: string | undefined;
    }
  | { readonly kind: 'text'; readonly text: string };

/** Longest first. https://docs.aws.amazon.com/redshift/latest/dg/r_FORMAT_strings.html */
const PATTERNS =
  `Y,YYY YYYY YYY YY Y IYYY IYY IY IDDD IW ID I MONTH MON MM MI MS DDD DAY DD DY D HH24 HH12 HH SSSSS SSSS SS US
  A.M. P.M. B.C. A.D. AM PM BC AD CC Q RM WW W J TZ OF`
    .trim()
    .split(/\s+/)
    .toSorted((a, b) => b.length - a.length);

/** Cuts a datetime format into its parts. */
export function dateTemplate(format: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let bare = false;
  for (let at = 0; at < format.length;) {
    const rest = format.slice(at);
    const upper = rest.toUpperCase();
    const quoted = /^"([^"]*)"/.exec(rest);
    if (quoted) {
      parts.push({ kind: 'text', text: quoted[1] ?? '' });
      at += quoted[0].length;
      continue;
    }
    if (upper.startsWith('FM')) {
      bare = true;
      at += 2;
      continue;
    }
    const name = PATTERNS.find((pattern) => upper.startsWith(pattern));
    if (name === undefined) {
      parts.push({ kind: 'text', text: rest.charAt(0) });
      at++;
      continue;
    }
    at += name.length;
    const ordinal = /^(?:TH|th)/.exec(format.slice(at))?.[0];
    if (ordinal !== undefined) at += 2;
    parts.push({ kind: 'pattern', name, text: rest.slice(0, name.length), bare, ordinal });
    bare = false;
  }
  return parts;
}

export function badFormat(format: string, why: string, position: number): RedshiftError {
  return new RedshiftError(SQLSTATE.notSupported, `format "${format}": ${why}`, { position });
}
