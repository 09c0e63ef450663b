/** Rows DuckDB gave. */
export type Rows = readonly (readonly unknown[])[];

/** What catalogues answered, by the state they were in; what was not asked for longest is forgotten first. */
export interface CatalogueAnswers {
  get(state: string, question: string): Rows | undefined;
  put(state: string, question: string, rows: Rows): void;
  /** A state that nothing else is in. */
  newState(): string;
}

/** Characters of questions and answers kept at most. */
const MOST_CHARACTERS = 16_000_000;

export function createCatalogueAnswers(): CatalogueAnswers {
  const answers = new Map<string, { readonly rows: Rows; readonly size: number }>();
  const keyOf = (state: string, question: string): string => `${state}\n${question}`;
  let size = 0;
  let states = 0;
  return {
    get: (state, question) => {
      const key = keyOf(state, question);
      const found = answers.get(key);
      if (!found) return undefined;
      answers.delete(key);
      answers.set(key, found);
      return found.rows;
    },
    put: (state, question, rows) => {
      const key = keyOf(state, question);
      size -= answers.get(key)?.size ?? 0;
      answers.delete(key);
      const answer = { rows, size: key.length + sizeOf(rows) };
      answers.set(key, answer);
      size += answer.size;
      for (const [oldest, { size: freed }] of answers) {
        if (size <= MOST_CHARACTERS) break;
        answers.delete(oldest);
        size -= freed;
      }
    },
    newState: () => `#${++states}`,
  };
}

/** Characters, about. */
function sizeOf(rows: Rows): number {
  return rows.reduce(
    (sum, row) => row.reduce((all: number, value) => all + (typeof value === 'string' ? value.length : 8), sum),
    0,
  );
}
