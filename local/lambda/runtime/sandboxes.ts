import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
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

/** An invocation that waits. It is given a sandbox, or told to look again. */
interface Waiting {
  readonly key: string;
  /** Whether no other sandbox can be started: there is no room for it, or enough are starting. */
  readonly forRoom: boolean;
  readonly timer: NodeJS.Timeout | undefined;
  readonly go: (kept?: Kept) => void;
}

/** Threads on one machine; further invocations wait for one. */
const MAX_SANDBOXES = 64;
const IDLE_MS = 120_000;
/**
 * The init phase. Where that is not enough, Lambda begins it again in the invocation, within the function's timeout; here it goes on.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const INIT_MS = 10_000;
/** Starting one is work for a processor: of more that start at once each takes as much longer, and twenty of them all but stop the machine. */
const STARTING_AT_ONCE = availableParallelism();
/**
 * How long an invocation waits for a sandbox of its function that is busy, as a multiple of the time a new one takes to start. Where Lambda
 * starts another at once, a burst of short invocations would cost this machine a thread and a load of the code each.
 */
const PATIENCE = 2;
const LONGEST_PATIENCE_MS = 1500;

/** Warm workers of all functions: one invocation at a time each, more of them under load, fewer when idle. */
export class Sandboxes {
  readonly #cloud: Cloud;
  readonly #code: CodeStore;
  readonly #idle: Kept[] = [];
  readonly #busy = new Set<Kept>();
  #starting = 0;
  readonly #waiting = new Set<Waiting>();
  readonly #reaper: NodeJS.Timeout;

  constructor(cloud: Cloud, code: CodeStore) {
    this.#cloud = cloud;
    this.#code = code;
    this.#reaper = setInterval(() => this.#reap(performance.now() - IDLE_MS), IDLE_MS / 4).unref();
  }

  async acquire(record: FunctionRecord, version: FunctionVersion): Promise<Lease> {
    // A change of code or settings makes a new revision, so its sandboxes are new ones.
    const key = `${record.name}/${version.version}/${version.revisionId}`;
    const asked = performance.now();
    for (;;) {
      const at = this.#idle.findLastIndex((kept) => kept.key === key && kept.sandbox.usable);
      const [warm] = at < 0 ? [] : this.#idle.splice(at, 1);
      if (warm) return this.#lend(warm, false);
      const patienceMs = asked + this.#patienceMs(key) - performance.now();
      const hasRoom = this.#busy.size < MAX_SANDBOXES && this.#starting < STARTING_AT_ONCE;
      if (hasRoom && patienceMs <= 0) break;
      const freed = await this.#turn(key, hasRoom ? patienceMs : undefined);
      if (freed) return this.#lend(freed, false);
    }
    this.#makeRoom();
    return this.#lend(this.#start(key, record, version), true);
  }

  release({ sandbox }: Lease): void {
    const kept = [...this.#busy].find((candidate) => candidate.sandbox === sandbox);
    if (!kept) return;
    this.#busy.delete(kept);
    const next = [...this.#waiting].find(({ key }) => key === kept.key);
    if (sandbox.usable && next) return next.go(kept);
    kept.idleSince = performance.now();
    if (sandbox.usable) this.#idle.push(kept);
    this.#wakeNext();
  }

  #wakeNext(): void {
    [...this.#waiting].find(({ forRoom }) => forRoom)?.go();
  }

  retire(functionName: string): void {
    for (const kept of this.#idle.filter(({ key }) => key.startsWith(`${functionName}/`))) this.#end(kept);
  }

  async close(): Promise<void> {
    clearInterval(this.#reaper);
    for (const { timer } of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
    await Promise.all(
      [...this.#idle, ...this.#busy].map(async ({ sandbox, log }) => {
        await sandbox.terminate();
        await log.written();
      }),
    );
    this.#idle.length = 0;
  }

  #lend(kept: Kept, cold: boolean): Lease {
    this.#busy.add(kept);
    return { sandbox: kept.sandbox, log: kept.log, cold };
  }

  /** 0 where no sandbox of the function is at work. */
  #patienceMs(key: string): number {
    const same = [...this.#busy].filter((kept) => kept.key === key);
    if (same.length === 0) return 0;
    const startMs = Math.max(...same.map(({ sandbox }) => sandbox.initMs));
    return startMs === 0 ? LONGEST_PATIENCE_MS : Math.min(LONGEST_PATIENCE_MS, PATIENCE * startMs);
  }

  /** Waits for a sandbox of the function, or until there may be room for one, or for so many milliseconds. */
  #turn(key: string, ms: number | undefined): Promise<Kept | undefined> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        key,
        forRoom: ms === undefined,
        timer: ms === undefined ? undefined : setTimeout(() => waiting.go(), ms),
        go: (kept) => {
          clearTimeout(waiting.timer);
          this.#waiting.delete(waiting);
          resolve(kept);
        },
      };
      this.#waiting.add(waiting);
    });
  }

  #start(key: string, record: FunctionRecord, version: FunctionVersion): Kept {
    const group = version.logging.LogGroup ?? `/aws/lambda/${record.name}`;
    const log = new FunctionLog(this.#cloud, group, version.version, version.role);
    const taskRoot = this.#code.taskRoot(version.codeSha256);
    const sandbox = new Sandbox({
      settings: {
        taskRoot,
        handler: version.handler,
        cacheDirectory: this.#cacheDirectory(),
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
      initMs: INIT_MS,
      timeoutMs: version.timeout * 1000,
      log: (message) => log.add(message),
    });
    this.#starting++;
    void sandbox.ready().then(() => {
      this.#starting--;
      this.#wakeNext();
    });
    return { sandbox, log, key, idleSince: performance.now() };
  }

  /** The process's own, if it has one. */
  #cacheDirectory(): string {
    const compiled = getCompileCacheDir();
    return compiled === undefined ? join(this.#cloud.directory, 'lambda', 'compile-cache') : dirname(compiled);
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
