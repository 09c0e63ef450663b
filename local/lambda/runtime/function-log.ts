import { AwsError, type Caller, type Cloud } from '../../kernel/index.ts';

/** Writes a sandbox's log events to its stream in CloudWatch Logs, in order, without making the function wait. */
export class FunctionLog {
  readonly group: string;
  readonly stream: string;
  readonly #cloud: Cloud;
  readonly #caller: Caller;
  #pending: { readonly timestamp: number; readonly message: string }[] = [];
  #writing: Promise<void> | undefined;
  #opened = false;

  constructor(cloud: Cloud, group: string, version: string, roleArn: string) {
    this.#cloud = cloud;
    this.#caller = { principalArn: roleArn };
    this.group = group;
    const day = new Date(cloud.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.stream = `${day}/[${version}]${cloud.ids.hex(32)}`;
  }

  add(message: string): void {
    this.#pending.push({ timestamp: this.#cloud.clock.now(), message });
    this.#writing ??= Promise.resolve().then(() => this.#write());
  }

  /** Once everything added so far can be read. */
  async written(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const logEvents = this.#pending.splice(0, BATCH_EVENTS);
        await this.#open();
        await this.#call('PutLogEvents', { logGroupName: this.group, logStreamName: this.stream, logEvents });
      }
    } catch (error) {
      // A cloud without the logs service runs functions all the same.
      if (!(error instanceof AwsError)) this.#cloud.fault(error, `lambda: log ${this.group}`);
      this.#pending = [];
    } finally {
      this.#writing = undefined;
    }
  }

  async #open(): Promise<void> {
    if (this.#opened) return;
    this.#opened = true;
    for (const [operation, input] of [
      ['CreateLogGroup', { logGroupName: this.group }],
      ['CreateLogStream', { logGroupName: this.group, logStreamName: this.stream }],
    ] as const)
      await this.#call(operation, input).catch((error: unknown) => {
        if (!(error instanceof AwsError && error.code === 'ResourceAlreadyExistsException')) throw error;
      });
  }

  #call(operation: string, input: object): Promise<unknown> {
    return this.#cloud.call('logs', operation, input, this.#caller);
  }
}

const BATCH_EVENTS = 1000;
