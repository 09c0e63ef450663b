import * as z from 'zod';
import { InputInvalid } from '../errors/errors.ts';

/** What starts a run: a manifest's key and, where it is known, its version. */
export interface StartRequest {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Run it again, although it has run. */
  readonly repeat: boolean;
  /**
   * The event of this very version: it comes at least once, and whenever it comes again it says nothing new.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html
   */
  readonly delivered: boolean;
}

/**
 * `Object Created` as S3 sends it; `key` is not URL-encoded here. Fields that are not read may come and go.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
const objectCreated = z.looseObject({
  'detail-type': z.literal('Object Created'),
  detail: z.looseObject({
    bucket: z.looseObject({ name: z.string().min(1) }),
    object: z.looseObject({ key: z.string().min(1), 'version-id': z.string().optional() }),
  }),
});

const byHand = z.strictObject({
  bucket: z.string().min(1),
  key: z.string().min(1),
  versionId: z.string().min(1).optional(),
  repeat: z.boolean().optional(),
});

/** Reads the input of an execution. Throws InputInvalid. */
export function startRequest(input: unknown): StartRequest {
  const event = objectCreated.safeParse(input);
  if (event.success) {
    const { bucket, object } = event.data.detail;
    const versionId = object['version-id'];
    // Without a version, the same content dropped once more looks the same.
    const which = versionId ? { versionId, delivered: true } : { delivered: false };
    return { bucket: bucket.name, key: object.key, ...which, repeat: false };
  }
  const manual = byHand.safeParse(input);
  if (!manual.success)
    throw new InputInvalid(`The input starts no run: ${z.prettifyError(manual.error).replaceAll('\n', ' ')}`, {
      next: 'Start it with {"bucket": "…", "key": "…/manifest.json"}; "versionId" and "repeat": true are optional.',
    });
  const { bucket, key, versionId, repeat } = manual.data;
  return { bucket, key, ...(versionId === undefined ? {} : { versionId }), repeat: repeat ?? false, delivered: false };
}
