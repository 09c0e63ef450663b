import * as fc from 'fast-check';
import { CATALOGUE, type ErrorCode } from '../../../src/errors/catalogue.ts';
import { ERROR_CLASSES, LoadFailed, ManifestInvalid } from '../../../src/errors/errors.ts';
import { catalogued, caughtFailure, failureOf } from '../../../src/errors/failure.ts';
import { SluiceError } from '../../../src/errors/sluice-error.ts';

const codes = Object.keys(CATALOGUE) as ErrorCode[];

test('every code has a class that carries its name, and says why, what next, and whether a retry helps', () => {
  expect(Object.keys(ERROR_CLASSES).sort()).toEqual([...codes].sort());
  for (const code of codes) {
    const error = new ERROR_CLASSES[code]();
    expect(error).toBeInstanceOf(SluiceError);
    expect(error).toMatchObject({ name: code, retryable: CATALOGUE[code].retryable });
    for (const text of [error.message, error.why, error.next]) expect(text).toMatch(/^[A-Z].*[.)]$/);
  }
});

test('the failure of a nested execution is found inside its description', () => {
  const innerCause = JSON.stringify({ errorType: 'LoadFailed', errorMessage: 'COPY refused a file.' });
  const description = JSON.stringify({ ExecutionArn: 'arn', Status: 'FAILED', Error: 'LoadFailed', Cause: innerCause });
  expect(caughtFailure({ code: 'States.TaskFailed', cause: description })).toEqual(catalogued('LoadFailed'));
});

test.each<[string, unknown, ErrorCode]>([
  ['a throttle by name', Object.assign(new Error('x'), { name: 'ThrottlingException' }), 'AwsThrottled'],
  [
    'a throttle by status',
    Object.assign(new Error('x'), { name: 'Odd', $metadata: { httpStatusCode: 429 } }),
    'AwsThrottled',
  ],
  ['too many statements', Object.assign(new Error('x'), { name: 'ActiveStatementsExceededException' }), 'AwsThrottled'],
  [
    'a fault of the service',
    Object.assign(new Error('x'), { name: 'Odd', $metadata: { httpStatusCode: 503 } }),
    'AwsUnavailable',
  ],
  ['a broken connection', Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'AwsUnavailable'],
  [
    'a denial',
    Object.assign(new Error('x'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }),
    'AwsDenied',
  ],
  [
    'a wrong call',
    Object.assign(new Error('x'), { name: 'ValidationException', $metadata: { httpStatusCode: 400 } }),
    'AwsRefused',
  ],
  ['a mistake of ours', new TypeError('x is undefined'), 'Unexpected'],
  ['a text', 'thrown text', 'Unexpected'],
  ['nothing', undefined, 'Unexpected'],
  [
    'an object that cannot be JSON',
    {
      toJSON: () => {
        throw new Error('no');
      },
    },
    'Unexpected',
  ],
])('%s is classified by name and status, not by message', (_, thrown, code) => {
  expect(failureOf(thrown)).toMatchObject({ code, next: CATALOGUE[code].next });
});

test('a state machine’s own errors are classified, with the service in front of the name', () => {
  expect(caughtFailure({ code: 'RedshiftData.ActiveStatementsExceededException', cause: 'text' })).toMatchObject({
    code: 'AwsThrottled',
  });
  expect(caughtFailure({ code: 'States.Timeout' })).toMatchObject({
    code: 'AwsUnavailable',
    message: expect.stringContaining('States.Timeout') as string,
  });
  expect(caughtFailure({})).toEqual(catalogued('Unexpected'));
});

test.each([
  'https://s3/x?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature=abcdef0123 more',
  'login failed: password=hunter2abcdef0123',
  '{"SecretAccessKey":"abcdef0123"}',
  'Authorization: Bearer abcdef0123',
  'postgres://admin:abcdef0123@host/db',
  'key AKIAIOSFODNN7EXAMPLE',
])('secrets do not survive: %s', (text) => {
  const json = JSON.stringify(failureOf(new LoadFailed(text, { where: { value: text }, cause: new Error(text) })));
  expect(json).not.toMatch(/abcdef0123|AKIAIOSFODNN7EXAMPLE|hunter2/);
});

test('whatever is thrown becomes JSON that is bounded and clean', () => {
  const odd = fc.string({ unit: 'binary', maxLength: 3_000 });
  const thrown = fc.oneof(
    fc.anything(),
    fc.record({ message: odd, file: odd, value: odd, cause: odd }).map(
      ({ message, file, value, cause }) =>
        new ManifestInvalid(message, {
          where: { file, value },
          cause: new Error(cause),
          findings: Array.from({ length: 50 }, () => ({ path: file, what: message, why: value, do: cause })),
        }),
    ),
  );
  fc.assert(
    fc.property(thrown, (value) => {
      const failure = failureOf(value);
      const json = JSON.stringify(failure);
      expect(json.length).toBeLessThan(100_000);
      expect(json.isWellFormed()).toBe(true);
      expect(failure.message).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
      expect(JSON.parse(json)).toEqual(failure);
    }),
  );
});

test('a circle of causes ends', () => {
  const error = new Error('a');
  error.cause = error;
  expect(failureOf(error).causes).toEqual([]);
  let chain = new Error('0');
  for (let at = 1; at < 100; at += 1) chain = new Error(String(at), { cause: chain });
  expect(failureOf(chain).causes).toHaveLength(5);
});
