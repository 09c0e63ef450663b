import * as fc from 'fast-check';
import { AwsError } from '../../../local/kernel/index.ts';
import { cidrBlocks, parseCidr } from '../../../local/cloudformation/template/cidr.ts';
import { evaluate, evaluateCondition, type Scope } from '../../../local/cloudformation/template/evaluate.ts';
import { canonical, type JsonValue } from '../../../local/cloudformation/template/json-value.ts';
import { parameterValues } from '../../../local/cloudformation/template/parameters.ts';
import { parseTemplate } from '../../../local/cloudformation/template/parse.ts';
import { objectOf } from '../../../local/cloudformation/template-source.ts';
import { inDependencyOrder } from '../../../local/cloudformation/engine/graph.ts';

const scope: Scope = {
  ref: (name) => ({ 'AWS::Region': 'us-east-1', List: ['a', 'b'], Bucket: 'bucket-1' })[name] ?? `ref:${name}`,
  attribute: (id, attribute) => `${id}/${attribute}`,
  condition: (name) => name === 'Yes',
  mappings: { Map: { top: { second: ['x'] } } },
  importValue: (name) => `import:${name}`,
  zones: (region) => [`${region || 'us-east-1'}a`, `${region || 'us-east-1'}b`],
};

test.each<[string, JsonValue, JsonValue | undefined]>([
  [
    'a substitution',
    { 'Fn::Sub': '${Bucket}-${A.B.C}-${!Literal}-${AWS::Region}' },
    'bucket-1-A/B.C-${Literal}-us-east-1',
  ],
  [
    'a substitution with variables',
    { 'Fn::Sub': ['${x}${Bucket}', { x: { 'Fn::Join': ['-', [1, 'b']] } }] },
    '1-bbucket-1',
  ],
  ['a selection', { 'Fn::Select': ['1', { 'Fn::GetAZs': '' }] }, 'us-east-1b'],
  ['a split', { 'Fn::Select': [2, { 'Fn::Split': [',', 'a,b,c'] }] }, 'c'],
  ['a choice of nothing', { 'Fn::If': ['No', 'x', { Ref: 'AWS::NoValue' }] }, undefined],
  ['nothing in a list and an object', { a: [1, { Ref: 'AWS::NoValue' }], b: { Ref: 'AWS::NoValue' } }, { a: [1] }],
  ['a mapping', { 'Fn::FindInMap': ['Map', 'top', 'second'] }, ['x']],
  ['base64 of any text', { 'Fn::Base64': 'é😀' }, Buffer.from('é😀').toString('base64')],
  ['blocks', { 'Fn::Cidr': ['10.0.0.0/24', 2, 6] }, ['10.0.0.0/26', '10.0.0.64/26']],
  ['a length', { 'Fn::Length': { Ref: 'List' } }, 2],
  ['JSON text', { 'Fn::ToJsonString': { a: { Ref: 'Bucket' } } }, '{"a":"bucket-1"}'],
  ['an import', { 'Fn::ImportValue': { 'Fn::Sub': '${AWS::Region}-x' } }, 'import:us-east-1-x'],
  [
    'a policy condition stays',
    { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
  ],
])('%s is evaluated', (_what, value, expected) => {
  expect(evaluate(value, scope)).toEqual(expected);
});

test('conditions combine, and numbers equal their text', () => {
  const truth = (value: JsonValue): boolean => evaluateCondition(value, scope);
  expect(truth({ 'Fn::Equals': ['1', 1] })).toBe(true);
  expect(truth({ 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Not': [{ Condition: 'No' }] }] })).toBe(true);
  expect(truth({ 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': [['a'], ['b']] }] })).toBe(false);
});

test.each<[string, JsonValue]>([
  ['an unknown function', { 'Fn::Nope': 1 }],
  ['a transform', { 'Fn::Transform': { Name: 'x' } }],
  ['a list in a substitution', { 'Fn::Sub': '${List}' }],
  ['a selection out of range', { 'Fn::Select': [2, ['a']] }],
  ['a missing mapping', { 'Fn::FindInMap': ['Map', 'top', 'none'] }],
  ['a function with a sibling', { 'Fn::Sub': 'x', other: 1 }],
])('%s is refused', (_what, value) => {
  expect(() => evaluate(value, scope)).toThrow(AwsError);
});

test('YAML and JSON of one template read the same', () => {
  const yaml = `
A: !Sub 'x\${b}'
B: !If [c, !Ref d, !GetAtt e.f.g]
C: !Select [0, !Split [',', 'a,b']]
D: &anchor { x: !Ref y }
E: { <<: *anchor, z: "007" }
F: 2012-10-17
`;
  expect(parseTemplate(yaml, 'body')).toEqual({
    A: { 'Fn::Sub': 'x${b}' },
    B: { 'Fn::If': ['c', { Ref: 'd' }, { 'Fn::GetAtt': ['e', 'f.g'] }] },
    C: { 'Fn::Select': [0, { 'Fn::Split': [',', 'a,b'] }] },
    D: { x: { Ref: 'y' } },
    E: { x: { Ref: 'y' }, z: '007' },
    F: '2012-10-17',
  });
});

test.each(['', '[1]', 'a: [', 'a: !Nope x', '{"a":', '"x"', 'a: 1\na: 2', `a: "${'x'.repeat(52_000)}"`])(
  'text that is no template is refused: %.12s',
  (text) => {
    expect(() => parseTemplate(text, 'body')).toThrow(AwsError);
  },
);

test('any JSON object reads back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      fc.pre(!Object.hasOwn(value, '__proto__') && !JSON.stringify(value).includes('__proto__'));
      expect(canonical(parseTemplate(JSON.stringify(value), 'body'))).toBe(
        canonical(JSON.parse(JSON.stringify(value))),
      );
    }),
  );
});

test('blocks are within their block, equal in size, and apart', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 2 ** 32 - 1 }),
      fc.integer({ min: 1, max: 24 }),
      fc.integer({ min: 1, max: 16 }),
      fc.nat({ max: 7 }),
      (address, prefix, count, bits) => {
        const dotted = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
        const outer = parseCidr(`${dotted}/${prefix}`);
        fc.pre(count * 2 ** bits <= outer.size);
        const blocks = cidrBlocks(`${dotted}/${prefix}`, count, bits).map(parseCidr);
        blocks.forEach(({ base, size }, at) => {
          expect(size).toBe(2 ** bits);
          expect(base).toBe(outer.base + at * size);
        });
      },
    ),
  );
});

test.each([
  ['Number', { MinValue: 1, MaxValue: 3 }, '4', 'must be a number not greater than 3'],
  ['Number', {}, 'x', 'must be a number'],
  ['String', { AllowedPattern: '[a-z]+' }, 'aB', 'must match pattern [a-z]+'],
  ['String', { AllowedValues: ['a'] }, 'b', 'must be one of AllowedValues'],
  ['String', { MinLength: 2 }, 'b', 'must contain at least 2 characters'],
  ['String', { MaxLength: 2, ConstraintDescription: 'short!' }, 'bbb', 'failed to satisfy constraint: short!'],
  ['AWS::SSM::Parameter::Value<String>', {}, 'b', 'is not supported'],
  ['Strng', {}, 'b', 'Unrecognized parameter type: Strng'],
])('a %s parameter with %j refuses %s', (type, definition, value, message) => {
  const given = [{ ParameterKey: 'P', ParameterValue: value }];
  expect(() => parameterValues({ P: { Type: type, ...definition } }, given, {})).toThrow(message);
});

test.each([
  ['https://s3.us-east-1.amazonaws.com/b/k/x.json', 'b', 'k/x.json'],
  ['https://s3.amazonaws.com/b/k', 'b', 'k'],
  ['https://b.c.s3.us-east-1.amazonaws.com/k%20x', 'b.c', 'k x'],
  ['http://127.0.0.1:4566/b/k', 'b', 'k'],
])('a template URL %s names its object', (url, Bucket, Key) => {
  expect(objectOf(url)).toEqual({ Bucket, Key });
});

test.each(['https://example.com/b/k', 'ftp://s3.amazonaws.com/b/k', 'nonsense', 'https://s3.amazonaws.com/b'])(
  'a template URL %s is refused',
  (url) => {
    expect(() => objectOf(url)).toThrow('TemplateURL must be a supported URL.');
  },
);

test('work is done after what it waits for, and never after a failure', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 11 }))),
      fc.option(fc.nat({ max: 11 })),
      async (size, edges, broken) => {
        const ids = Array.from({ length: size }, (_, at) => String(at));
        // Only towards smaller numbers: no circles.
        const waitsFor = (id: string): string[] =>
          edges.flatMap(([a, b]) => (String(a) === id && b < a ? [String(b)] : []));
        const done: string[] = [];
        const failures = await inDependencyOrder(
          ids,
          waitsFor,
          async (id) => {
            await Promise.resolve();
            if (id === String(broken)) throw new Error(id);
            for (const other of waitsFor(id)) expect(done).toContain(other);
            done.push(id);
          },
          { stopAtFailure: false },
        );
        const fails = broken !== null && broken < size;
        expect([...failures.keys()]).toEqual(fails ? [String(broken)] : []);
        if (!fails) expect(done).toHaveLength(size);
      },
    ),
  );
});
