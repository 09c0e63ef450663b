import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import type { Clock } from '../../kernel/index.ts';
import { ExecutionEnded } from '../failure.ts';
import { MAX_HISTORY_EVENTS } from '../limits.ts';

/** A history event as it is kept: as the API shows it, with its time in milliseconds. */
export type StoredEvent = Omit<HistoryEvent, 'timestamp'> & { readonly timestamp: number };

/** The last event of a sequence of states; each event names the one before it. */
export interface Trail {
  last: number;
}

export type EventDetails = Omit<HistoryEvent, 'timestamp' | 'type' | 'id' | 'previousEventId'>;

/** The events of one execution, in order; ids start at 1. */
export class History {
  readonly #clock: Clock;
  readonly events: StoredEvent[];
  /** How many of the events are on disk. */
  stored: number;

  constructor(clock: Clock, events: StoredEvent[] = []) {
    this.#clock = clock;
    this.events = events;
    this.stored = events.length;
  }

  get full(): boolean {
    return this.events.length >= MAX_HISTORY_EVENTS - 1;
  }

  /**
   * Adds an event after the trail's last one and moves the trail to it.
   * @throws ExecutionEnded once only the place for the final event is left
   */
  add(type: HistoryEventType, trail: Trail, details: EventDetails = {}): number {
    if (this.full)
      throw new ExecutionEnded(
        'FAILED',
        'States.Runtime',
        `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`,
      );
    return this.end(type, trail, details);
  }

  /** Adds the execution's final event, for which there is always a place. */
  end(type: HistoryEventType, trail: Trail, details: EventDetails = {}): number {
    const id = this.events.length + 1;
    this.events.push({ timestamp: this.#clock.now(), type, id, previousEventId: trail.last, ...details });
    trail.last = id;
    return id;
  }
}
