import type { CatalogueAnswers, Rows } from './catalogue-answers.ts';
import {
  catalogueVersion,
  digestOf,
  makesUnlessThere,
  type CatalogueChange,
  type CatalogueVersion,
} from './catalogue-version.ts';

/** The catalogue of a warehouse, as everybody sees it who begins now. */
export interface CatalogueState {
  readonly answers: CatalogueAnswers;
  /** Undefined while somebody changes it: what a transaction that begins now will see is not known. */
  readonly now: CatalogueVersion | undefined;
  /** Counts changes as they begin. */
  readonly changes: number;
  /** Somebody begins to change it; tell then what has been done, in its order. */
  change(): (done: readonly CatalogueChange[]) => void;
}

/** `initial` is the state of what was opened. */
export function createCatalogueState(answers: CatalogueAnswers, initial: string): CatalogueState {
  let version = catalogueVersion(initial);
  let changing = 0;
  let changes = 0;
  return {
    answers,
    get now() {
      return changing === 0 ? version : undefined;
    },
    get changes() {
      return changes;
    },
    change: () => {
      changing++;
      changes++;
      return (done) => {
        changing--;
        for (const change of done) version = version.after(change);
      };
    },
  };
}

/** The state that the system's own relations are always in. */
const SYSTEM = 'system';

/** `USE database` */
const USES = /^\s*use\b/i;

/** The catalogue as one session sees it: with what the session has changed itself, its temporary tables and its settings. */
export class SessionCatalogue {
  readonly #state: CatalogueState;
  /** What the session has done so far that only itself can see. */
  #own: string;
  /** What everybody else will see when the open transaction is committed. */
  #shared: CatalogueChange[] = [];
  /** The warehouse's version as the open transaction sees it, if that is known. */
  #seen: CatalogueVersion | undefined;
  #inTransaction = false;
  #done: ((done: readonly CatalogueChange[]) => void) | undefined;
  /** Whether anything was changed since the open transaction began. */
  #touched = false;

  readonly #database: string;
  /** Whether the session has used another database than its own. */
  #elsewhere = false;
  readonly #begun: string;

  constructor(state: CatalogueState, database: string, user: string) {
    this.#state = state;
    this.#database = database;
    this.#begun = digestOf(database, user);
    this.#own = this.#begun;
  }

  /** Whether the session has done nothing that only itself can see. */
  get asBegun(): boolean {
    return this.#own === this.#begun;
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
    this.#seen = this.#state.changes === changes ? now : undefined;
  }

  /** Before a statement that may change more than rows, for others too. */
  changing(): void {
    this.#done ??= this.#state.change();
  }

  /** After any statement that may change more than rows, as often as it has changed something. */
  changed(sql: string): void {
    this.#touched = true;
    if (USES.test(sql)) this.#elsewhere = true;
    const made = this.#done && !this.#elsewhere && makesUnlessThere(sql);
    const makes = made === undefined ? undefined : `${this.#database} ${made}`;
    const change = makes === undefined ? this.#intricate(sql) : { sql: `${makes} ${sql}`, makes };
    if (this.#done) this.#shared.push(change);
    if (makes === undefined) this.#own = change.sql;
    this.#seen = this.#done ? this.#seen?.after(change) : this.#seen;
  }

  /** A statement that may do anything, with whatever there is. */
  #intricate(sql: string): CatalogueChange {
    return { sql: digestOf(this.#own, this.#seen?.digest ?? this.#state.answers.newState(), sql) };
  }

  /** The transaction, or the statement that was one by itself, has ended. */
  end(committed: boolean): void {
    this.#inTransaction = false;
    this.#seen = undefined;
    this.#done?.(committed ? this.#shared : []);
    this.#done = undefined;
    this.#shared = [];
    if (this.#touched && !committed) this.#own = this.#state.answers.newState();
    this.#touched = false;
  }

  /** What a question is answered that is about the system's own relations: these are the same whatever the session sees. */
  async askSystem(question: string, ask: () => Promise<Rows>): Promise<Rows> {
    const { answers } = this.#state;
    const state = digestOf(SYSTEM, this.#begun);
    const known = answers.get(state, question);
    if (known) return known;
    const rows = await ask();
    answers.put(state, question, rows);
    return rows;
  }

  /** What a question about the catalogue is answered, from memory where it, or one like it, was asked before. */
  async ask(question: string, ask: () => Promise<Rows>): Promise<Rows> {
    const { answers, changes } = this.#state;
    const seen = this.#inTransaction ? this.#seen : this.#state.now;
    if (seen === undefined) return ask();
    const state = digestOf(seen.digest, this.#own);
    const known = answers.get(state, question);
    if (known) return known;
    const own = this.#own;
    const rows = await ask();
    const same = this.#own === own && (this.#inTransaction ? this.#seen === seen : this.#state.changes === changes);
    if (same) answers.put(state, question, rows);
    return rows;
  }
}
