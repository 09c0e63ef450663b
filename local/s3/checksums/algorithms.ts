import { createHash } from 'node:crypto';
import { AwsError } from '../../kernel/index.ts';
import { s3Error } from '../errors.ts';
import {
  combineCrc32,
  combineCrc32c,
  combineCrc64nvme,
  crc32,
  crc32c,
  crc64nvme,
  type Combine,
  type Digest,
} from './crc.ts';

/** The algorithms of https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html kept here. */
export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

export interface Checksum {
  readonly algorithm: Algorithm;
  /** Base64; a composite one ends in `-` and the number of parts. */
  readonly value: string;
  readonly type: ChecksumType;
}

const hash = (name: string): (() => Digest) => {
  return () => {
    const running = createHash(name);
    return { update: (bytes) => void running.update(bytes), digest: () => running.digest() };
  };
};

const DIGESTS: Readonly<Record<Algorithm, () => Digest>> = {
  CRC32: crc32,
  CRC32C: crc32c,
  CRC64NVME: crc64nvme,
  SHA1: hash('sha1'),
  SHA256: hash('sha256'),
};

const COMBINERS: Partial<Readonly<Record<Algorithm, Combine>>> = {
  CRC32: combineCrc32,
  CRC32C: combineCrc32c,
  CRC64NVME: combineCrc64nvme,
};

export const startDigest = (algorithm: Algorithm): Digest => DIGESTS[algorithm]();

/** @throws AwsError `InvalidRequest` for an algorithm that is not S3's, `NotImplemented` for one that is not kept here. */
export function toAlgorithm(name: string): Algorithm {
  const found = ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase());
  if (found) return found;
  if (/^(MD5|SHA512|XXHASH.*)$/i.test(name))
    throw new AwsError('NotImplemented', `The checksum algorithm ${name} is not implemented by the local cloud`, 501);
  throw s3Error(
    'InvalidRequest',
    {},
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  );
}

/** The checksum a caller gave with its input (`ChecksumCRC32`, …), if any. */
export function givenChecksum(
  input: Readonly<Record<string, unknown>>,
): { readonly algorithm: Algorithm; readonly value: string } | undefined {
  for (const algorithm of ALGORITHMS) {
    const value = input[`Checksum${algorithm}`];
    if (typeof value === 'string') return { algorithm, value };
  }
  return undefined;
}

/** A checksum as members of an SDK output: `{ ChecksumCRC32: '…', ChecksumType: 'FULL_OBJECT' }`. */
export function checksumMembers(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } : {};
}

export interface PartDigest {
  readonly size: number;
  /** Base64. */
  readonly value: string;
}

/** The checksum of a whole multipart object, of the type its upload asked for. */
export function multipartChecksum(algorithm: Algorithm, type: ChecksumType, parts: readonly PartDigest[]): Checksum {
  if (type === 'COMPOSITE') {
    const digest = startDigest(algorithm);
    for (const part of parts) digest.update(Buffer.from(part.value, 'base64'));
    return { algorithm, type, value: `${digest.digest().toString('base64')}-${parts.length}` };
  }
  const combine = COMBINERS[algorithm];
  if (!combine)
    throw s3Error(
      'InvalidRequest',
      {},
      `The FULL_OBJECT checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  const [first, ...rest] = parts;
  let sum = Buffer.from(first?.value ?? '', 'base64');
  for (const part of rest) sum = Buffer.from(combine(sum, Buffer.from(part.value, 'base64'), part.size));
  return { algorithm, type, value: sum.toString('base64') };
}
