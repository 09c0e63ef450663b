import * as z from 'zod';
import { manifestDocument } from './document.ts';

/**
 * The JSON Schema of a manifest, made from the schema the service itself reads manifests with. Draft 7: the one every editor knows.
 * It has the shape only; rules between values (a key names a column) are told by `sluice validate`.
 */
export function manifestJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(manifestDocument, { target: 'draft-7', io: 'input' });
  return { $schema, title: 'Sluice manifest', ...schema };
}

/** The published text of it. */
export function manifestJsonSchemaText(): string {
  return `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n`;
}
