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
  'self:custom.parameters.janitorRate': 'rate(15 minutes)',
  'self:custom.parameters.janitorPeriodSeconds': '900',
  'param:networkCidr': '10.42.0.0/24',
  'param:adminUser': 'sluice_admin',
  'param:database': 'dev',
};

type Intrinsic = Readonly<Record<string, unknown>>;

const intrinsic = (tag: string, resolve: (text: string) => Intrinsic): ScalarTag => ({ tag, resolve });
const ofList = (tag: string, name: string): CollectionTag => ({
  tag,
  collection: 'seq',
  resolve: (list) => new Scalar({ [name]: list.toJSON() as unknown }),
});

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
      ofList('!Select', 'Fn::Select'),
      ofList('!Join', 'Fn::Join'),
    ],
  });
}

/** A definition as CloudFormation hands it over, its `Fn::Sub` names filled in. */
export function machineDefinition(name: string, workBucket: string, machineArn: (name: string) => string): unknown {
  const named = (reference: string): string => {
    if (reference === 'AWS::StackName') return PREFIX;
    if (reference === 'WorkBucket') return workBucket;
    const machine = /^(\w+)StateMachine$/.exec(reference)?.[1];
    if (machine !== undefined) return machineArn(machine.toLowerCase());
    const fn = reference.replace('LambdaFunction.Arn', '').replace('Dash', '-').toLowerCase();
    return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${fn}`;
  };
  const resolve = (node: unknown): unknown => {
    if (typeof node === 'string')
      return node.replaceAll(/[#$]\{([^}]+)\}/g, (_all, reference: string) => named(reference));
    if (Array.isArray(node)) return node.map(resolve);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)]));
  };
  return resolve(readYaml(`stepfunctions/${name}.yml`));
}
