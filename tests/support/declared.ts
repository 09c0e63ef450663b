import { readFileSync } from 'node:fs';
import { type CollectionTag, parse, Scalar, type ScalarTag } from 'yaml';

export const PREFIX = 'sluice-test';
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** What serverless.yml would put in the place of its own variables. */
const VARIABLES: Readonly<Record<string, string>> = {
  'self:custom.prefix': PREFIX,
  'sls:stage': 'test',
  'self:custom.subnets.a': '10.42.0.0/25',
  'self:custom.subnets.b': '10.42.0.128/25',
  'param:networkCidr': '10.42.0.0/24',
  'param:adminUser': 'sluice_admin',
  'param:database': 'dev',
};

type Intrinsic = Readonly<Record<string, unknown>>;

const intrinsic = (tag: string, resolve: (text: string) => Intrinsic): ScalarTag => ({ tag, resolve });
const select: CollectionTag = {
  tag: '!Select',
  collection: 'seq',
  resolve: (list) => new Scalar({ 'Fn::Select': list.toJSON() as unknown }),
};

export function readYaml(path: string): unknown {
  const text = readFileSync(path, 'utf8').replaceAll(
    /\$\{((?:self|param|sls):[^}]+)\}/g,
    (_all, name: string) => VARIABLES[name] ?? '1',
  );
  return parse(text, {
    merge: true,
    maxAliasCount: -1,
    customTags: [
      intrinsic('!Ref', (name) => ({ Ref: name })),
      intrinsic('!GetAtt', (name) => ({ 'Fn::GetAtt': name.split('.') })),
      intrinsic('!Sub', (template) => ({ 'Fn::Sub': template })),
      intrinsic('!GetAZs', (region) => ({ 'Fn::GetAZs': region })),
      select,
    ],
  });
}

/** A definition as CloudFormation would hand it over. */
export function machineDefinition(name: string, workBucket: string, machineArn: (name: string) => string): unknown {
  const resolve = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(resolve);
    if (typeof node !== 'object' || node === null) return node;
    const { Ref, 'Fn::GetAtt': attribute } = node as { Ref?: string; 'Fn::GetAtt'?: readonly string[] };
    if (Ref === 'WorkBucket') return workBucket;
    if (Ref !== undefined) return machineArn(Ref.replace('StateMachine', '').toLowerCase());
    if (attribute !== undefined)
      return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${(attribute[0] ?? '').replace('LambdaFunction', '').replace('Dash', '-').toLowerCase()}`;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)]));
  };
  return resolve(readYaml(`stepfunctions/${name}.yml`));
}
