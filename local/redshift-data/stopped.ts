/** Why a statement did not come to its own end. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
  readonly status: 'ABORTED' | 'FAILED';
  /** What DescribeStatement shows; nothing where the user himself asked for it. */
  readonly shown: string | undefined;

  constructor(status: 'ABORTED' | 'FAILED', shown: string | undefined) {
    super(shown ?? 'cancelled');
    this.status = status;
    this.shown = shown;
  }
}

/** A failure as DescribeStatement shows it: in the words of the server, with the position as the driver adds it. */
export function errorText(error: unknown, originalOffset: (offset: number) => number): string | undefined {
  if (error instanceof Stopped) return error.shown;
  const { message, position } = error as { readonly message?: string; readonly position?: number };
  const text = message ?? String(error);
  const prefixed = /^(ERROR|FATAL): /.test(text) ? text : `ERROR: ${text}`;
  return position === undefined ? prefixed : `${prefixed}\n  Position: ${originalOffset(position) + 1}`;
}
