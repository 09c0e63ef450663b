/** Characters of a failure's parts. A failure must fit into an e-mail (256 KB). */
export const LIMITS = {
  message: 1_000,
  text: 500,
  value: 200,
  /** A bucket and a key of S3: the name of a file is never cut. */
  file: 1_100,
  name: 100,
  causes: 5,
  findings: 200,
} as const;

/** What must not leave the process, in whatever message of whatever library it stands. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '[access key]'],
  [/([?&]X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"']+/gi, '$1[removed]'],
  [
    /((?:password|passwd|pwd|secret|secret_?access_?key|session_?token|token|authorization)["']?\s*[:=]\s*["']?)(?:(?:Bearer|Basic)\s+)?[^\s"',;&)}]+/gi,
    '$1[removed]',
  ],
  [/(\/\/[^\s/:@]+:)[^\s/@]+@/g, '$1[removed]@'],
];

/**
 * A text of unknown origin as a state, an e-mail or a log line may hold it: secrets removed, line breaks and control characters (those
 * that change the direction of text among them) replaced, whole characters only, and no longer than asked.
 */
export function boundedText(text: string, limit: number): string {
  // Cut first, so that a huge text costs nothing; the margin keeps a secret at the edge whole, so that it is still recognised.
  let safe = text.slice(0, limit * 2 + 500);
  for (const [pattern, replacement] of SECRETS) safe = safe.replaceAll(pattern, replacement);
  safe = safe
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}')
    .trim();
  return (safe.length <= limit ? safe : `${safe.slice(0, limit - 1)}…`).toWellFormed();
}

/** Any value as a short text. */
export function bounded(value: unknown): string {
  try {
    return boundedText(JSON.stringify(value) ?? String(value), LIMITS.value);
  } catch {
    return typeof value;
  }
}
