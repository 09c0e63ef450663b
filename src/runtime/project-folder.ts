import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Projects } from '../run/planner.ts';

/** The SQL projects in a folder: one folder each. Read when they are asked for. */
export function projectFolder(folder: URL): Projects {
  const root = fileURLToPath(folder);
  return {
    names: () => readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory()),
    files: (name) =>
      new Map(
        readdirSync(join(root, name), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => {
            const path = join(entry.parentPath, entry.name);
            return [path.slice(join(root, name).length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')] as const;
          }),
      ),
  };
}
