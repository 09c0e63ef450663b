import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';

/** An operation as a client package writes it down: kind 9, namespace, name, traits, input, output. */
export type OperationTuple = readonly [9, string, string, unknown, never, never];

/** Where a client package keeps its schemas, and nothing else. */
const SCHEMAS = 'dist-es/schemas/schemas_0.js';

/**
 * The operations of a client package, for instance `@aws-sdk/client-ec2`, from its file of schemas alone. Loading the client for them would take many
 * times as long: a second for EC2, of which the local cloud needs a handful of shapes.
 */
export function operationTuples(clientPackage: string): readonly OperationTuple[] {
  const file = join(createRequire(import.meta.url).resolve(`${clientPackage}/package.json`), '..', SCHEMAS);
  const source = readFileSync(file, 'utf8');
  const imported: string[] = [];
  const script = source
    .replaceAll(/^import \{([^}]*)\} from "[^"]*";$/gm, (_, names: string) => {
      imported.push(...names.split(',').flatMap((name) => name.trim() || []));
      return '';
    })
    .replaceAll(/^export (?=var |const )/gm, '');
  const operations = [...source.matchAll(/^export var (\w+\$) = \[9,/gm)].map(([, name]) => name);
  const evaluate = compileFunction(`${script}\nreturn [${operations.join()}];`, imported, { filename: file });
  return evaluate(...imported.map((name) => (name === 'TypeRegistry' ? NoRegistry : undefined))) as OperationTuple[];
}

/** Stands in for the registry that clients make errors by; a server makes none, so their classes are left out, too. */
class NoRegistry {
  static for(): NoRegistry {
    return new NoRegistry();
  }

  register(): void {}

  registerError(): void {}
}
