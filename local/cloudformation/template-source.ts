import { AwsError, type Caller, type Cloud } from '../kernel/index.ts';
import { validationError } from './validation-error.ts';

export interface TemplateInput {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
}

/** The template's text and where it came from. */
export async function templateText(
  cloud: Cloud,
  { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: previous }: TemplateInput,
  caller: Caller,
  previousText?: string,
): Promise<{ readonly text: string; readonly source: 'body' | 's3' }> {
  if ([body, url, previous || undefined].filter((given) => given !== undefined).length !== 1)
    throw validationError('Either Template URL or Template Body must be specified.');
  if (body !== undefined) return { text: body, source: 'body' };
  if (url !== undefined) return { text: await readObject(cloud, url, caller), source: 's3' };
  if (previousText === undefined) throw validationError('There is no previous template to use.');
  return { text: previousText, source: 's3' };
}

/** Path style and virtual-hosted style, on AWS's hosts and on this cloud's own. */
export function objectOf(url: string): { readonly Bucket: string; readonly Key: string; readonly VersionId?: string } {
  const refuse = (): Error => validationError('TemplateURL must be a supported URL.');
  if (!URL.canParse(url)) throw refuse();
  const { protocol, hostname, pathname, searchParams } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') throw refuse();
  const path = decodeURIComponent(pathname.slice(1));
  const version = searchParams.get('versionId');
  const host = /^(?:(.+)\.)?s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com$/.exec(hostname);
  if (!host && !/^(127\.0\.0\.1|localhost)$/.test(hostname)) throw refuse();
  const slash = path.indexOf('/');
  const [bucket, key] = host?.[1] === undefined ? [path.slice(0, slash), path.slice(slash + 1)] : [host[1], path];
  if (bucket === '' || key === '' || (host?.[1] === undefined && slash < 0)) throw refuse();
  return { Bucket: bucket, Key: key, ...(version !== null && { VersionId: version }) };
}

interface ObjectBody {
  readonly Body?: AsyncIterable<Uint8Array> | Uint8Array | string;
}

async function readObject(cloud: Cloud, url: string, caller: Caller): Promise<string> {
  try {
    const { Body: body = '' } = await cloud.call<ObjectBody>('s3', 'GetObject', objectOf(url), caller);
    if (typeof body === 'string') return body;
    if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'ValidationError') throw error;
    throw validationError(`S3 error: ${error.message}`);
  }
}
