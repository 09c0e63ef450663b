import type { WorkStore } from '../../src/run/work-store.ts';

/** A work bucket in memory, with S3's conditional writes. */
export class MemoryWorkStore implements WorkStore {
  readonly objects = new Map<string, { readonly text: string; readonly etag: string }>();
  #writes = 0;

  async read(key: string): Promise<{ readonly text: string; readonly etag: string } | undefined> {
    return this.objects.get(key);
  }

  async write(key: string, text: string): Promise<void> {
    this.#put(key, text);
  }

  async create(key: string, text: string): Promise<string | undefined> {
    return this.objects.has(key) ? undefined : this.#put(key, text);
  }

  async replace(key: string, text: string, etag: string): Promise<string | undefined> {
    return this.objects.get(key)?.etag === etag ? this.#put(key, text) : undefined;
  }

  async remove(key: string): Promise<void> {
    this.objects.delete(key);
  }

  async list(prefix: string): Promise<readonly string[]> {
    return [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  json<T>(key: string): T {
    const stored = this.objects.get(key);
    if (!stored) throw new Error(`there is no ${key}; there are ${[...this.objects.keys()].join(', ')}`);
    return JSON.parse(stored.text) as T;
  }

  #put(key: string, text: string): string {
    const etag = `"${++this.#writes}"`;
    this.objects.set(key, { text, etag });
    return etag;
  }
}
