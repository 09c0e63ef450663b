import { AwsError } from '../kernel/index.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The limits count characters without white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const LONGEST_TRUST_POLICY = 4096;
export const LONGEST_MANAGED_POLICY = 6144;
export const LONGEST_INLINE_POLICIES = 10_240;

export const policySize = (document: string): number => document.replace(/\s/g, '').length;

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);

/**
 * Checks a policy's grammar. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @throws AwsError `MalformedPolicyDocument`.
 */
export function checkPolicy(document: string | undefined, kind: 'identity' | 'trust'): string {
  let policy: unknown;
  try {
    policy = JSON.parse(document ?? '');
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (!isObject(policy)) throw malformed('Syntax errors in policy.');
  const version = policy['Version'];
  if (version !== undefined && version !== '2012-10-17' && version !== '2008-10-17')
    throw malformed('The policy is not in the valid JSON format: unknown Version.');
  const given = policy['Statement'];
  const statements: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (given === undefined) throw malformed('Syntax errors in policy. (no Statement)');
  for (const statement of statements) checkStatement(statement, kind);
  return document ?? '';
}

const STATEMENT_MEMBERS = new Set([
  'Action',
  'Condition',
  'Effect',
  'NotAction',
  'NotPrincipal',
  'NotResource',
  'Principal',
  'Resource',
  'Sid',
]);

function checkStatement(statement: unknown, kind: 'identity' | 'trust'): void {
  if (!isObject(statement)) throw malformed('Syntax errors in policy. (a Statement is no object)');
  for (const member of Object.keys(statement))
    if (!STATEMENT_MEMBERS.has(member)) throw malformed(`Syntax errors in policy. (unknown element ${member})`);
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny')
    throw malformed('Syntax errors in policy. (Effect must be Allow or Deny)');
  if (statement['Action'] === undefined && statement['NotAction'] === undefined)
    throw malformed('Policy statement must contain actions.');
  const hasPrincipal = statement['Principal'] !== undefined || statement['NotPrincipal'] !== undefined;
  const hasResource = statement['Resource'] !== undefined || statement['NotResource'] !== undefined;
  if (kind === 'trust' && !hasPrincipal) throw malformed('Missing required field Principal');
  if (kind === 'trust' && hasResource) throw malformed('Has prohibited field Resource');
  if (kind === 'identity' && hasPrincipal) throw malformed('Policy document should not specify a principal.');
  if (kind === 'identity' && !hasResource) throw malformed('Policy statement must contain resources.');
  for (const name of ['Action', 'NotAction'])
    for (const action of texts(statement[name], name))
      if (action !== '*' && !/^[a-zA-Z0-9-]+:[a-zA-Z0-9*?-]+$/.test(action))
        throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  for (const name of ['Resource', 'NotResource'])
    for (const resource of texts(statement[name], name))
      if (resource !== '*' && !/^(arn|\*):/.test(resource) && !/^[*?]/.test(resource))
        throw malformed(`Resource ${resource} must be in ARN format or "*".`);
}

function texts(value: unknown, name: string): readonly string[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.some((item) => typeof item !== 'string')) throw malformed(`Syntax errors in policy. (${name} must be text)`);
  return list as readonly string[];
}
