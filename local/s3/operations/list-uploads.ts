import type {
  ListMultipartUploadsOutput,
  ListMultipartUploadsRequest,
  ListPartsOutput,
  ListPartsRequest,
} from '@aws-sdk/client-s3';
import { inUtf8Order } from '../../kernel/index.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';
import type { Upload } from '../store/rows.ts';
import { encoder, pageSize } from './list-objects.ts';
import { uploadOf } from './upload-part.ts';

export function listParts(s3: S3, input: ListPartsRequest): ListPartsOutput {
  accept('ListParts', input, ['Key', 'UploadId', 'MaxParts', 'PartNumberMarker']);
  bucketOf(s3, input);
  const upload = uploadOf(s3, input);
  const max = pageSize(input.MaxParts, 'max-parts');
  const marker = Number(input.PartNumberMarker ?? 0);
  const after = s3.store.uploads.parts(upload.id).filter(({ number }) => number > marker);
  const page = after.slice(0, max);
  return {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.number ?? marker),
    MaxParts: max,
    IsTruncated: page.length < after.length,
    Parts: page.map((part) => ({
      PartNumber: part.number,
      LastModified: new Date(part.modified),
      ETag: `"${part.etag}"`,
      Size: part.size,
      ...(part.checksum && upload.algorithm ? { [`Checksum${upload.algorithm}`]: part.checksum } : {}),
    })),
    Initiator: { ID: s3.cloud.accountId },
    Owner: { ID: s3.cloud.accountId },
    StorageClass: (upload.meta.StorageClass ?? 'STANDARD') as 'STANDARD',
    ...(upload.algorithm ? { ChecksumAlgorithm: upload.algorithm } : {}),
    ...(upload.checksumType ? { ChecksumType: upload.checksumType } : {}),
  };
}

const MEMBERS = ['Prefix', 'Delimiter', 'MaxUploads', 'KeyMarker', 'UploadIdMarker', 'EncodingType'];

/** By key, then by when they were initiated. */
export function listMultipartUploads(s3: S3, input: ListMultipartUploadsRequest): ListMultipartUploadsOutput {
  accept('ListMultipartUploads', input, MEMBERS);
  const { name } = bucketOf(s3, input);
  const { Prefix: prefix = '', Delimiter: delimiter = '' } = input;
  const encode = encoder(input.EncodingType);
  const max = pageSize(input.MaxUploads, 'max-uploads');
  const uploads: Upload[] = [];
  const commonPrefixes: string[] = [];
  let last = { key: input.KeyMarker ?? '', id: input.UploadIdMarker ?? '' };
  let truncated = false;
  for (const upload of remaining(s3.store.uploads.list(name), input)) {
    if (!upload.key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : upload.key.slice(0, end + delimiter.length);
    if (common !== undefined && (commonPrefixes.at(-1) === common || input.KeyMarker === common)) continue;
    if (uploads.length + commonPrefixes.length === max) {
      truncated = true;
      break;
    }
    if (common === undefined) uploads.push(upload);
    else commonPrefixes.push(common);
    last = common === undefined ? { key: upload.key, id: upload.id } : { key: common, id: '' };
  }
  return {
    Bucket: name,
    KeyMarker: encode(input.KeyMarker ?? ''),
    UploadIdMarker: input.UploadIdMarker ?? '',
    ...(truncated ? { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.id } : {}),
    Prefix: encode(prefix),
    ...(delimiter ? { Delimiter: encode(delimiter) } : {}),
    MaxUploads: max,
    ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
    IsTruncated: truncated,
    Uploads: uploads.map((upload) => ({
      UploadId: upload.id,
      Key: encode(upload.key),
      Initiated: new Date(upload.initiated),
      StorageClass: (upload.meta.StorageClass ?? 'STANDARD') as 'STANDARD',
      Owner: { ID: s3.cloud.accountId },
      Initiator: { ID: s3.cloud.accountId },
      ...(upload.algorithm ? { ChecksumAlgorithm: upload.algorithm } : {}),
      ...(upload.checksumType ? { ChecksumType: upload.checksumType } : {}),
    })),
    CommonPrefixes: commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  };
}

/** What comes after the markers: of the marker's own key, the uploads after the one named. */
function remaining(
  uploads: readonly Upload[],
  { KeyMarker: key, UploadIdMarker: id }: ListMultipartUploadsRequest,
): readonly Upload[] {
  if (key === undefined || key === '') return uploads;
  const named = id ? uploads.findIndex((upload) => upload.key === key && upload.id === id) : -1;
  if (named >= 0) return uploads.slice(named + 1);
  return uploads.filter((upload) => inUtf8Order(upload.key, key) > 0);
}
