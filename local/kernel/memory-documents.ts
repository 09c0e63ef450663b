import type { Documents } from './documents.ts';
import { inUtf8Order } from './utf8-order.ts';

/** Documents that are gone with the process, kept as JSON: what is read is nobody else's, what was put can no longer change. */
export function memoryDocuments(): Documents {
  const kinds = new Map<string, Map<string, string>>();
  const of = (kind: string): Map<string, string> => {
    let documents = kinds.get(kind);
    if (!documents) kinds.set(kind, (documents = new Map()));
    return documents;
  };
  return {
    get: <T>(kind: string, id: string) => {
      const body = kinds.get(kind)?.get(id);
      return body === undefined ? undefined : (JSON.parse(body) as T);
    },
    put: (kind, id, document) => {
      of(kind).set(id, JSON.stringify(document));
    },
    delete: (kind, id) => kinds.get(kind)?.delete(id) ?? false,
    list: <T>(kind: string) =>
      [...(kinds.get(kind) ?? [])]
        .sort(([a], [b]) => inUtf8Order(a, b))
        .map(([id, body]) => ({ id, document: JSON.parse(body) as T })),
    close: () => kinds.clear(),
  };
}
