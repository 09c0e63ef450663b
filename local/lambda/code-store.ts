import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../kernel/index.ts';
import { MAX_UNZIPPED_BYTES, MAX_ZIP_BYTES } from './limits.ts';

interface ZipEntry {
  readonly fileName: string;
  readonly uncompressedSize: number;
}
interface ZipFile {
  eachEntry(): AsyncIterable<ZipEntry>;
  openReadStreamPromise(entry: ZipEntry): Promise<Readable>;
}
// The package has no types of its own.
const yauzl = createRequire(import.meta.url)('yauzl') as { fromBufferPromise(zip: Buffer): Promise<ZipFile> };

/** A deployment package, named by its content. */
export interface StoredCode {
  /** Base64, as the API shows it. */
  readonly sha256: string;
  readonly size: number;
}

/** Unpacked deployment packages under `<directory>/lambda/code/<hash>/task`, one folder a content. */
export class CodeStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = join(directory, 'lambda', 'code');
  }

  /** `LAMBDA_TASK_ROOT` of a package. */
  taskRoot(sha256: string): string {
    return join(this.#folder(sha256), 'task');
  }

  /** The package itself, as GetFunction's location answers it. */
  zipFile(sha256: string): string {
    return join(this.#folder(sha256), 'package.zip');
  }

  /** @throws AwsError `InvalidParameterValueException` where the bytes are no zip, or hold a path that leads outside */
  async store(zip: Buffer): Promise<StoredCode> {
    if (zip.length > MAX_ZIP_BYTES)
      throw new AwsError(
        'RequestEntityTooLargeException',
        `Request must be smaller than ${MAX_ZIP_BYTES} bytes for the CreateFunction operation`,
        413,
      );
    const sha256 = createHash('sha256').update(zip).digest('base64');
    const folder = this.#folder(sha256);
    if (!existsSync(folder)) {
      await mkdir(this.#directory, { recursive: true });
      // Unpacked aside and renamed, so that a folder is there whole or not at all.
      const aside = await mkdtemp(join(this.#directory, '.unpacking-'));
      try {
        await unpack(zip, join(aside, 'task'));
        // Without a package.json in the package, `.js` is CommonJS, whatever folders around this one say.
        await writeFile(join(aside, 'package.json'), '{"type":"commonjs"}');
        await writeFile(join(aside, 'package.zip'), zip);
        await rename(aside, folder);
      } catch (error) {
        await rm(aside, { recursive: true, force: true });
        if (!existsSync(folder)) throw error;
      }
    }
    return { sha256, size: zip.length };
  }

  #folder(sha256: string): string {
    return join(this.#directory, Buffer.from(sha256, 'base64').toString('hex').slice(0, 32));
  }
}

async function unpack(zip: Buffer, root: string): Promise<void> {
  const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);
  await mkdir(root, { recursive: true });
  let file: ZipFile;
  try {
    file = await yauzl.fromBufferPromise(zip);
  } catch {
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  let total = 0;
  let entries = 0;
  try {
    for await (const entry of file.eachEntry()) {
      const path = resolve(root, entry.fileName);
      if (path !== root && !path.startsWith(root + sep))
        throw invalid(`Invalid path in the package: ${entry.fileName}`);
      total += entry.uncompressedSize;
      if (total > MAX_UNZIPPED_BYTES) throw invalid(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
      if (entry.fileName.endsWith('/')) {
        await mkdir(path, { recursive: true });
        continue;
      }
      entries++;
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await file.openReadStreamPromise(entry), createWriteStream(path));
    }
  } catch (error) {
    if (error instanceof AwsError) throw error;
    // The library refuses absolute paths, `..` and broken entries itself.
    throw invalid(`Could not unzip uploaded file: ${(error as Error).message}`);
  }
  if (entries === 0) throw invalid('Uploaded file must be a non-empty zip');
}
