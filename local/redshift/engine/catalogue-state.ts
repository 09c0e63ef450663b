import { hash } from 'node:crypto';
import type { CatalogueAnswers, Rows } from './catalogue-answers.ts';

/**
 * What the relations and functions of a warehouse are like, told by a text that is the same only where they are: made of all
 * statements that changed them, in their order, each with the state it began in.
 */
export interface CatalogueState {
  readonly answers: CatalogueAnswers;
  /** Undefined while somebody changes the catalogue: what a transaction that begins now will see is not known. */
  readonly now: string | undefined;
  /** Counts changes as they begin. */
  readonly changes: number;
  /** Somebody begins to change it; tell then what has been done, or nothing where it was taken back. */
  change(): (done: string | undefined) => void;
}

/** `initial` is the state of what was opened. */
export function createCatalogueState(answers: CatalogueAnswers, initial: string): CatalogueState {
  let state = initial;
  let changing = 0;
  let changes = 0;
  return {
    answers,
    get now() {
      return changing === 0 ? state : undefined;
    },
    get changes() {
      return changes;
    },
    change: () => {
      changing++;
      changes++;
      return (done) => {
        changing--;
        if (done !== undefined) state = digest(state, done);
      };
    },
  };
}

/** The catalogue as one session sees it: with what the session has changed itself, its temporary tables and its settings. */
export class SessionCatalogue {
  readonly #state: CatalogueState;
  /** What the session itself has done so far. */
  #own: string;
  /** The warehouse's state when the open transaction began, if that is known. */
  #snapshot: string | undefined;
  #inTransaction = false;
  #done: ((done: string | undefined) => void) | undefined;

  constructor(state: CatalogueState, database: string, user: string) {
    this.#state = state;
    this.#own = digest(database, user);
  }

  /** Counts the changes that others, or the session itself, have begun; undefined while there are any. */
  get quiet(): number | undefined {
    return this.#state.now === undefined ? undefined : this.#state.changes;
  }

  /** Begins a transaction that sees the catalogue as it is when it begins. */
  async begin(begin: () => Promise<unknown>): Promise<void> {
    const { changes, now } = this.#state;
    await begin();
    this.#inTransaction = true;
    this.#snapshot = this.#state.changes === changes ? now : undefined;
  }

  /** Before a statement that may change more than rows. */
  changing(): void {
    this.#done ??= this.#state.change();
  }

  /** After it, as often as it has changed something. */
  changed(sql: string): void {
    this.#own = digest(this.#own, this.#snapshot ?? this.#state.answers.newState(), sql);
  }

  /** The transaction, or the statement that was one by itself, has ended. */
  end(committed: boolean): void {
    this.#inTransaction = false;
    this.#snapshot = undefined;
    if (!this.#done) return;
    this.#done(committed ? this.#own : undefined);
    this.#done = undefined;
    if (!committed) this.#own = this.#state.answers.newState();
  }

  /** What a question about the catalogue is answered, from memory where it was asked before. */
  async ask(question: string, ask: () => Promise<Rows>): Promise<Rows> {
    const { answers, changes } = this.#state;
    const seen = this.#inTransaction ? this.#snapshot : this.#state.now;
    if (seen === undefined) return ask();
    const state = digest(seen, this.#own);
    const known = answers.get(state, question);
    if (known) return known;
    const own = this.#own;
    const rows = await ask();
    const same = this.#own === own && (this.#inTransaction || this.#state.changes === changes);
    if (same) answers.put(state, question, rows);
    return rows;
  }
}

function digest(...texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts), 'base64');
}
