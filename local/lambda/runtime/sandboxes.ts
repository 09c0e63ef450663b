import { join } from 'node:path';
import type { Cloud } from '../../kernel/index.ts';
import type { CodeStore } from '../code-store.ts';
import type { FunctionRecord, FunctionVersion } from '../functions.ts';
import { environmentOf } from './environment.ts';
import { FunctionLog } from './function-log.ts';
import { Sandbox } from './sandbox.ts';

/** A sandbox with its log, as an invocation borrows it. */
export interface Lease {
  readonly sandbox: Sandbox;
  readonly log: FunctionLog;
  /** Whether the sandbox was started for this invocation. */
  readonly cold: boolean;
}

interface Kept {
  readonly sandbox: Sandbox;
  readonly log: FunctionLog;
  readonly key: string;
  idleSince: number;
}

/** Threads on one machine; further invocations wait for one. */
const MAX_SANDBOXES = 64;
const IDLE_MS = 120_000;

/** Warm workers of all functions: one invocation at a time each, more of them under load, fewer when idle. */
export class Sandboxes {
  readonly #cloud: Cloud;
  readonly #code: CodeStore;
  readonly #idle: Kept[] = [];
  readonly #busy = new Set<Kept>();
  readonly #queue: (() => void)[] = [];
  readonly #reaper: NodeJS.Timeout;

  constructor(cloud: Cloud, code: CodeStore) {
    this.#cloud = cloud;
    this.#code = code;
    this.#reaper = setInterval(() => this.#reap(performance.now() - IDLE_MS), IDLE_MS / 4).unref();
  }

  async acquire(record: FunctionRecord, version: FunctionVersion): Promise<Lease> {
    // A change of code or settings makes a new revision, so its sandboxes are new ones.
    const key = `${record.name}/${version.version}/${version.revisionId}`;
    for (;;) {
      const at = this.#idle.findLastIndex((kept) => kept.key === key && kept.sandbox.usable);
      const [warm] = at < 0 ? [] : this.#idle.splice(at, 1);
      if (warm) {
        this.#busy.add(warm);
        return { sandbox: warm.sandbox, log: warm.log, cold: false };
      }
      if (this.#busy.size < MAX_SANDBOXES) break;
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
    this.#makeRoom();
    const kept = this.#start(key, record, version);
    this.#busy.add(kept);
    return { sandbox: kept.sandbox, log: kept.log, cold: true };
  }

  release({ sandbox }: Lease): void {
    const kept = [...this.#busy].find((candidate) => candidate.sandbox === sandbox);
    if (kept) {
      this.#busy.delete(kept);
      kept.idleSince = performance.now();
      if (sandbox.usable) this.#idle.push(kept);
    }
    this.#queue.shift()?.();
  }

  /** Ends a function's idle workers, after a change or deletion. */
  retire(functionName: string): void {
    for (const kept of this.#idle.filter(({ key }) => key.startsWith(`${functionName}/`))) this.#end(kept);
  }

  async close(): Promise<void> {
    clearInterval(this.#reaper);
    await Promise.all(
      [...this.#idle, ...this.#busy].map(async ({ sandbox, log }) => {
        await sandbox.terminate();
        await log.written();
      }),
    );
    this.#idle.length = 0;
  }

  #start(key: string, record: FunctionRecord, version: FunctionVersion): Kept {
    const group = version.logging.LogGroup ?? `/aws/lambda/${record.name}`;
    const log = new FunctionLog(this.#cloud, group, version.version, version.role);
    const taskRoot = this.#code.taskRoot(version.codeSha256);
    const sandbox = new Sandbox({
      settings: {
        taskRoot,
        handler: version.handler,
        cacheDirectory: join(this.#cloud.directory, 'lambda', 'compile-cache'),
        jsonLogs: version.logging.LogFormat === 'JSON',
        callbacks: Number(/^nodejs(\d+)/.exec(version.runtime)?.[1]) < 24,
      },
      environment: environmentOf({
        cloud: this.#cloud,
        functionName: record.name,
        version,
        taskRoot,
        logGroup: group,
        logStream: log.stream,
      }),
      memoryMb: version.memorySize,
      log: (message) => log.add(message),
    });
    return { sandbox, log, key, idleSince: performance.now() };
  }

  #makeRoom(): void {
    while (this.#idle.length > 0 && this.#idle.length + this.#busy.size >= MAX_SANDBOXES) {
      const [oldest] = this.#idle;
      if (oldest) this.#end(oldest);
    }
  }

  #reap(before: number): void {
    for (const kept of this.#idle.filter(({ idleSince }) => idleSince < before)) this.#end(kept);
  }

  #end(kept: Kept): void {
    this.#idle.splice(this.#idle.indexOf(kept), 1);
    void kept.sandbox.terminate();
  }
}
