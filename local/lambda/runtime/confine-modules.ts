import { builtinModules, registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Packages Lambda's Node runtimes bring along: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html */
const IN_RUNTIME = /^@(aws-sdk|smithy|aws-crypto|aws)\//;

/**
 * A function sees the packages in its deployment package and the runtime's own, nothing else: what was left out of the package must be missing
 * here too, even if a folder above the task root happens to have it.
 */
export function confineModules(taskRoot: string): void {
  const root = pathToFileURL(`${taskRoot}/`).href;
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const outside =
        context.parentURL?.startsWith(root) === true &&
        resolved.url.startsWith('file:') &&
        !resolved.url.startsWith(root) &&
        !builtinModules.includes(specifier) &&
        !IN_RUNTIME.test(specifier);
      if (outside)
        throw Object.assign(
          new Error(`Cannot find package '${specifier}' imported from ${fileURLToPath(context.parentURL ?? root)}`),
          { code: 'ERR_MODULE_NOT_FOUND' },
        );
      return resolved;
    },
  });
}
