import { FileChanged } from '../errors/errors.ts';
import { tableText } from './table-text.ts';
import { concurrently } from '../run/concurrently.ts';
import type { Files } from '../run/stragglers.ts';
import type { UnitDocument } from '../run/unit-document.ts';

const LOOKS_AT_ONCE = 64;

/** COPY reads whatever is under a key. Throws FileChanged unless every file is still the one that was seen when the run was opened. */
export async function requireSameFiles(files: Files, unit: UnitDocument): Promise<void> {
  await concurrently(unit.files ?? [], LOOKS_AT_ONCE, async (file) => {
    const seen = await files.look(file.bucket, file.key);
    if (seen?.etag === file.etag && (file.versionId === undefined || seen.versionId === file.versionId)) return;
    throw new FileChanged(
      seen ? `${file.key} was overwritten during the run.` : `${file.key} was deleted during the run.`,
      {
        where: { unit: unit.id, file: file.key, ...tableText(unit) },
      },
    );
  });
}
