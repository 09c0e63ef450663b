import {
  AwsError,
  notImplemented,
  readBody,
  type CallContext,
  type Cloud,
  type Service,
  type WireHandler,
} from '../kernel/index.ts';

/** Amazon ECR as far as a deployment without container images asks it: there is no repository. */
export function createEcr(cloud: Cloud): Service {
  const operation = (target: string | undefined): string => target?.split('.').pop() ?? 'Unknown';
  const describeRepositories = (names: readonly string[] | undefined) => {
    if (!names?.length) return { repositories: [] };
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${names[0] ?? ''}' does not exist in the registry with id '${cloud.accountId}'`,
    );
  };
  return {
    name: 'ecr',
    operations: {
      DescribeRepositories: (input: { readonly repositoryNames?: readonly string[] }) =>
        describeRepositories(input.repositoryNames),
    },
    wire: {
      operation: (request) => operation(request.headers['x-amz-target']),
      handle: async (request, context) => {
        try {
          if (context.operation !== 'DescribeRepositories') throw notImplemented('ecr', context.operation);
          const input = JSON.parse((await readBody(request)).toString('utf8') || '{}') as {
            readonly repositoryNames?: readonly string[];
          };
          const body = JSON.stringify(describeRepositories(input.repositoryNames));
          return { status: 200, headers: headersOf(context), body };
        } catch (error) {
          if (error instanceof AwsError) return refuse(error, request, context);
          throw error;
        }
      },
      refuse,
    },
  };
}

const headersOf = ({ requestId }: CallContext) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amzn-requestid': requestId,
});

const refuse: NonNullable<WireHandler['refuse']> = ({ code, message, status }, _request, context) => ({
  status,
  headers: { ...headersOf(context), 'x-amzn-errortype': code },
  body: JSON.stringify({ __type: code, message }),
});
