import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export type Handler = (event: unknown, context: Record<string, unknown>) => Promise<unknown>;

type Callback = (error?: unknown, result?: unknown) => void;
type UserHandler = (event: unknown, context: unknown, callback?: Callback) => unknown;

const failure = (name: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { name });

/**
 * Loads `folder/file.export`, the way Lambda's runtime does.
 * @throws Error named `Runtime.ImportModuleError`, `Runtime.UserCodeSyntaxError`, `Runtime.HandlerNotFound`, … or what the module threw
 */
export async function loadHandler(taskRoot: string, name: string, callbacks: boolean): Promise<Handler> {
  const parts = /^((?:.*\/)?[^./][^.]*)\.(.+)$/.exec(name);
  if (!parts?.[1] || !parts[2] || name.includes('..'))
    throw failure('Runtime.MalformedHandlerName', `Bad handler ${name}`);
  const [, file, path] = parts;
  const found = ['.js', '.mjs', '.cjs']
    .map((extension) => join(taskRoot, `${file}${extension}`))
    .find((candidate) => existsSync(candidate));
  if (!found) throw failure('Runtime.ImportModuleError', `Error: Cannot find module '${file}'`);
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(found).href)) as Record<string, unknown>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError) throw failure('Runtime.UserCodeSyntaxError', `SyntaxError: ${message}`, error);
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')
      throw failure('Runtime.ImportModuleError', `Error: ${message}`, error);
    throw error;
  }
  const handler = exported(module, path) ?? exported(module['default'], path);
  if (typeof handler !== 'function') throw failure('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  const user = handler as UserHandler;
  if (user.length < 3) return async (event, context) => user(event, context);
  if (!callbacks)
    throw failure(
      'Runtime.CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24.',
    );
  return (event, context) =>
    new Promise((resolve, reject) => {
      const answer = user(event, context, (error, result) => (error ? reject(error) : resolve(result)));
      if (answer instanceof Promise) answer.then(resolve, reject);
    });
}

function exported(module: unknown, path: string | undefined): unknown {
  let value = module;
  for (const name of path?.split('.') ?? [])
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return value;
}
