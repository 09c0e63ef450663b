import { AwsError, type Cloud } from '../kernel/index.ts';

export interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** Tags given with a creation. */
export type TagSpecifications = readonly {
  readonly ResourceType?: string | undefined;
  readonly Tags?: readonly Tag[] | undefined;
}[];

/** One kind of resource: how its ids begin and what AWS says when one is not there. */
export interface Kind {
  readonly prefix: string;
  readonly notFound: string;
  readonly noun: string;
}

export const KINDS = {
  vpc: { prefix: 'vpc', notFound: 'InvalidVpcID.NotFound', noun: 'vpc ID' },
  subnet: { prefix: 'subnet', notFound: 'InvalidSubnetID.NotFound', noun: 'subnet ID' },
  routeTable: { prefix: 'rtb', notFound: 'InvalidRouteTableID.NotFound', noun: 'routeTable ID' },
  securityGroup: { prefix: 'sg', notFound: 'InvalidGroup.NotFound', noun: 'security group' },
  endpoint: { prefix: 'vpce', notFound: 'InvalidVpcEndpointId.NotFound', noun: 'Vpc Endpoint Id' },
  internetGateway: { prefix: 'igw', notFound: 'InvalidInternetGatewayID.NotFound', noun: 'internetGateway ID' },
} as const satisfies Readonly<Record<string, Kind>>;

export type KindName = keyof typeof KINDS;

/** EC2's records, each in the shape the API describes it in. */
export interface Ec2Records {
  newId(kind: KindName): string;
  get<T>(kind: KindName, id: string | undefined): T;
  put(kind: KindName, id: string, record: unknown): void;
  remove(kind: KindName, id: string): void;
  all<T>(kind: KindName): readonly T[];
}

export function createEc2Records({ documents, ids }: Cloud): Ec2Records {
  const documentKind = (kind: KindName): string => `ec2.${kind}`;
  return {
    newId: (kind) => `${KINDS[kind].prefix}-${ids.hex(17)}`,
    get: <T>(kind: KindName, id: string | undefined) => {
      const found = id === undefined ? undefined : documents.get<T>(documentKind(kind), id);
      const { notFound, noun } = KINDS[kind];
      if (found === undefined) throw new AwsError(notFound, `The ${noun} '${id ?? ''}' does not exist`);
      return found;
    },
    put: (kind, id, record) => documents.put(documentKind(kind), id, record),
    remove: (kind, id) => void documents.delete(documentKind(kind), id),
    all: <T>(kind: KindName) => documents.list<T>(documentKind(kind)).map(({ document }) => document),
  };
}

export const tagsOf = (specifications: TagSpecifications | undefined): Tag[] =>
  (specifications ?? []).flatMap(({ Tags: tags }) => (tags ?? []).map((tag) => ({ ...tag })));

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);
export const missing = (name: string): AwsError =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}`);
export const inUse = (id: string): AwsError =>
  new AwsError('DependencyViolation', `The resource '${id}' has dependencies and cannot be deleted.`);

export interface Filter {
  readonly Name?: string | undefined;
  readonly Values?: readonly string[] | undefined;
}

/**
 * Whether a filter's value is that of a record: `*` stands for any characters, `?` for one or none, and a backslash before either takes that from it.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
function isLike(item: string, value: string): boolean {
  if (!/[*?\\]/.test(value)) return item === value;
  const pattern = value.replaceAll(/\\(.)|([*?])|[^*?\\]+|\\$/gsu, (part, escaped?: string, wild?: string) => {
    if (wild !== undefined) return wild === '*' ? '.*' : '.?';
    return (escaped ?? part).replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  });
  return new RegExp(`^${pattern}$`, 'su').test(item);
}

/** Records that match ids and filters. Each filter names how it is read from a record; one nobody knows is refused. */
export function select<T extends { readonly Tags?: readonly Tag[] | undefined }>(
  records: readonly T[],
  filters: readonly Filter[] | undefined,
  fields: Readonly<Record<string, (record: T) => string | readonly string[] | undefined>>,
): T[] {
  return records.filter((record) =>
    (filters ?? []).every(({ Name: name = '', Values: values = [] }) => {
      const tag = name.startsWith('tag:') ? name.slice(4) : undefined;
      const field = tag === undefined ? fields[name] : () => record.Tags?.find(({ Key }) => Key === tag)?.Value;
      if (!field) throw invalid(`The filter '${name}' is invalid`);
      const actual = field(record);
      return [actual].flat().some((item) => item !== undefined && values.some((value) => isLike(item, value)));
    }),
  );
}
