import type { Documents } from '../../kernel/index.ts';
import type { Frame } from '../run/frame.ts';
import type { History, StoredEvent } from '../run/history.ts';
import { executionKind, nameIn, type ExecutionRecord } from './record.ts';

const FRAMES = 'states/frame';
const historyKind = (arn: string): string => `states/history/${arn}`;
/** Event ids in document ids sort as numbers do. */
const ID_DIGITS = 6;

/** Executions, their histories and the frames of those that have not succeeded, on disk. */
export class ExecutionStore {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  read(arn: string): ExecutionRecord | undefined {
    return this.#documents.get<ExecutionRecord>(executionKind(arn), nameIn(arn));
  }

  write(record: ExecutionRecord): void {
    this.#documents.put(executionKind(record.arn), record.name, record);
  }

  /** Executions whose ARNs differ from this one only in their names. */
  siblings(arn: string): readonly ExecutionRecord[] {
    return this.#documents.list<ExecutionRecord>(executionKind(arn)).map(({ document }) => document);
  }

  writeFrame(arn: string, frame: Frame): void {
    this.#documents.put(FRAMES, arn, frame);
  }

  readFrame(arn: string): Frame | undefined {
    return this.#documents.get<Frame>(FRAMES, arn);
  }

  forgetFrame(arn: string): void {
    this.#documents.delete(FRAMES, arn);
  }

  /** Executions that were running or can be redriven. */
  framed(): readonly string[] {
    return this.#documents.list(FRAMES).map(({ id }) => id);
  }

  /** Adds the events that are not on disk yet, in one document. */
  appendHistory(arn: string, history: History): void {
    const events = history.events.slice(history.stored);
    const first = events[0];
    if (!first) return;
    this.#documents.put(historyKind(arn), String(first.id).padStart(ID_DIGITS, '0'), events);
    history.stored = history.events.length;
  }

  readHistory(arn: string): StoredEvent[] {
    return this.#documents.list<StoredEvent[]>(historyKind(arn)).flatMap(({ document }) => document);
  }

  forgetHistory(arn: string): void {
    for (const { id } of this.#documents.list(historyKind(arn))) this.#documents.delete(historyKind(arn), id);
  }
}
