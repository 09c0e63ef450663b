import type { ServerSideEncryption } from '@aws-sdk/client-s3';
import type { Algorithm, Checksum, ChecksumType } from '../checksums/algorithms.ts';

/** `Enabled` and `Suspended` as in the API; undefined for a bucket that was never versioned. */
export type Versioning = 'Enabled' | 'Suspended' | undefined;

export interface Bucket {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly versioning: Versioning;
  /** Whether object events go to EventBridge. */
  readonly eventBridge: boolean;
}

/** What an object carries besides its bytes. Members are named as in the SDK, because that is how they come and go. */
export interface ObjectMeta {
  readonly ContentType: string;
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  /** ISO 8601. */
  readonly Expires?: string;
  readonly Metadata?: Readonly<Record<string, string>>;
  readonly StorageClass?: string;
  readonly ServerSideEncryption?: ServerSideEncryption;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
  readonly checksum?: Checksum;
  /** Sizes of the parts it was uploaded in. */
  readonly parts?: readonly { readonly number: number; readonly size: number; readonly checksum?: string }[];
}

export type Tags = readonly { readonly Key: string; readonly Value: string }[];

interface VersionIdentity {
  readonly bucket: string;
  readonly key: string;
  /** `null` (the text) for what was written while the bucket was not versioned. */
  readonly versionId: string;
  /** Grows with every write of the store. */
  readonly sequence: number;
  readonly latest: boolean;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

export interface ObjectVersion extends VersionIdentity {
  readonly deleteMarker: false;
  /** Name among the data files. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly meta: ObjectMeta;
  readonly tags: Tags;
}

export interface DeleteMarker extends VersionIdentity {
  readonly deleteMarker: true;
}

export type Version = ObjectVersion | DeleteMarker;

/** The part of a version its writer decides. */
export type NewObject = Pick<ObjectVersion, 'file' | 'size' | 'etag' | 'meta' | 'tags'>;

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: number;
  readonly meta: ObjectMeta;
  readonly tags: Tags;
  readonly algorithm?: Algorithm;
  readonly checksumType?: ChecksumType;
}

export interface Part {
  readonly number: number;
  readonly file: string;
  readonly size: number;
  readonly etag: string;
  readonly checksum?: string;
  readonly modified: number;
}
