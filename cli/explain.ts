import { CommandError, EXIT, type Invocation } from './command.ts';

/** What connection and credential failures have in common, whatever the service: nobody answered, or nobody knows us. */
const UNREACHABLE = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'TimeoutError',
  'NetworkingError',
]);
const NOBODY_ANSWERS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
]);
/** What the SDK says of settings that lead nowhere, before it calls anybody; these errors have no name of their own. */
const WRONG_SETTING = /^(Region is missing|Region not accepted|Invalid URL|Could not resolve credentials)/;

/**
 * Errors of AWS, of the network and of the file system are the user's to mend, so they are told without a stack.
 * Undefined for anything else: that is a defect.
 */
export function explained(error: unknown, environment: Invocation['environment']): CommandError | undefined {
  if (error instanceof CommandError) return error;
  const known = error as NodeJS.ErrnoException & { readonly $metadata?: object };
  const { name, code = '', message } = known;
  const options = { cause: error };
  if (NOBODY_ANSWERS.has(code) || UNREACHABLE.has(name) || WRONG_SETTING.test(message)) {
    const endpoint = environment['AWS_ENDPOINT_URL'];
    return new CommandError(
      `${endpoint ?? 'AWS'} cannot be reached: ${message || code}`,
      endpoint
        ? "is the local cloud up? Start it with 'sluice up', and take the settings it prints"
        : `set your AWS credentials and region, or use the local cloud: eval "$(npx sluice up --detach)"`,
      EXIT.unreachable,
      options,
    );
  }
  if (known.$metadata !== undefined)
    return new CommandError(
      `AWS refused: ${name}: ${message}`,
      /denied|unauthorized|forbidden/i.test(name)
        ? 'your credentials lack a permission; docs/development.md lists what is needed'
        : 'look at the message; if it names nothing of yours, report it with the command line',
      EXIT.failed,
      options,
    );
  if (typeof known.syscall === 'string' && known.path !== undefined)
    return new CommandError(
      `${known.path}: ${message}`,
      'check that the path exists and that you may use it',
      EXIT.failed,
      options,
    );
  return undefined;
}
