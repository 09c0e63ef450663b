import { compilePattern } from '../../../local/events/pattern/compile.ts';
import { parseSchedule } from '../../../local/events/schedule.ts';

const EVENT = {
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: {
    bucket: { name: 'inbox' },
    object: { key: 'batch/2026/manifest.json', size: 512, tags: ['a', 'b'], empty: '', nothing: null },
    ip: '10.0.0.7',
    ok: true,
    list: [
      { kind: 'x', n: 1 },
      { kind: 'y', n: 2 },
    ],
    reason: 'CopyObject',
  },
};

test.each<[object, boolean]>([
  [{ source: ['aws.s3'] }, true],
  [{ source: ['aws.ec2', 'aws.s3'], 'detail-type': ['Object Created'] }, true],
  [{ source: ['aws.ec2'] }, false],
  [{ detail: { object: { key: [{ prefix: 'batch/' }] } } }, true],
  [{ detail: { object: { key: [{ suffix: '/manifest.json' }] } } }, true],
  [{ detail: { object: { key: [{ suffix: { 'equals-ignore-case': 'MANIFEST.JSON' } }] } } }, true],
  [{ detail: { object: { key: [{ wildcard: 'batch/*/manifest.*' }] } } }, true],
  [{ detail: { object: { key: [{ wildcard: 'batch/*.csv' }] } } }, false],
  [{ detail: { object: { key: [{ 'anything-but': { suffix: '._COPYING_' } }] } } }, true],
  [{ detail: { object: { key: [{ 'anything-but': { wildcard: ['*/.*', '*/_*'] } }] } } }, true],
  [{ detail: { object: { key: [{ 'anything-but': { prefix: ['batch/'] } }] } } }, false],
  [{ detail: { reason: [{ 'anything-but': ['PutObject', 'POST Object'] }] } }, true],
  [{ detail: { object: { size: [{ numeric: ['>', 0, '<=', 512] }] } } }, true],
  [{ detail: { object: { size: [{ numeric: ['=', 511] }] } } }, false],
  [{ detail: { object: { size: ['512'] } } }, false],
  [{ detail: { object: { tags: ['b'] } } }, true],
  [{ detail: { object: { absent: [{ exists: false }], key: [{ exists: true }] } } }, true],
  [{ detail: { object: { nothing: [null], empty: [''] } } }, true],
  [{ detail: { ok: [true] } }, true],
  [{ detail: { ip: [{ cidr: '10.0.0.0/24' }] } }, true],
  [{ detail: { ip: [{ cidr: '10.0.1.0/24' }] } }, false],
  [{ detail: { list: { kind: ['y'] } } }, true],
  [{ $or: [{ source: ['x'] }, { detail: { ok: [true] } }] }, true],
  [{ $or: [{ source: ['x'] }, { detail: { ok: [false] } }] }, false],
  [{ detail: { bucket: { name: { deeper: ['x'] } } } }, false],
])('the pattern %j matches: %s', (pattern, expected) => {
  expect(compilePattern(JSON.stringify(pattern))(EVENT)).toBe(expected);
});

test.each([
  '{}',
  '[]',
  'x',
  '{"a":"b"}',
  '{"a":[]}',
  '{"a":[{"nope":1}]}',
  '{"a":[{"prefix":"a","suffix":"b"}]}',
  '{"a":[{"wildcard":"a**"}]}',
  '{"a":[{"numeric":["~",1]}]}',
  '{"a":[{"cidr":"10.0.0/8"}]}',
])('the pattern %s is refused', (pattern) => {
  expect(() => compilePattern(pattern)).toThrow(
    expect.objectContaining({ code: 'InvalidEventPatternException' }) as Error,
  );
});

const at = (text: string): number => Date.parse(`${text}Z`);

test.each([
  ['rate(5 minutes)', '2026-01-01T00:05:00'],
  ['rate(1 day)', '2026-01-02T00:00:00'],
  ['cron(0 18 ? * MON-FRI *)', '2026-01-01T18:00:00'],
  ['cron(0/15 * * * ? *)', '2026-01-01T00:15:00'],
  ['cron(30 2 L * ? *)', '2026-01-31T02:30:00'],
  ['cron(0 9 ? * 2#1 *)', '2026-01-05T09:00:00'],
  ['cron(0 9 ? * 6L *)', '2026-01-30T09:00:00'],
  ['cron(0 9 31W * ? *)', '2026-01-30T09:00:00'],
  ['cron(0 0 29 2 ? 2027-2030)', '2028-02-29T00:00:00'],
])('%s fires next at %s', (expression, expected) => {
  const from = at('2026-01-01T00:00:00');
  expect(parseSchedule(expression)(from, from)).toBe(at(expected));
});

test('a schedule of the past never fires again', () => {
  expect(parseSchedule('cron(0 0 1 1 ? 2020)')(at('2026-01-01T00:00:00'), 0)).toBeUndefined();
});

test.each([
  'rate(1 minutes)',
  'rate(0 days)',
  'rate(5 seconds)',
  'cron(* * * * * *)',
  'cron(0 25 * * ? *)',
  'every day',
])('the schedule %s is refused', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(expect.objectContaining({ code: 'ValidationException' }) as Error);
});
