import type {
  DeleteDashboardsInput,
  GetDashboardInput,
  ListDashboardsInput,
  PutDashboardInput,
} from '@aws-sdk/client-cloudwatch';
import { AwsError, type Cloud, type Operations } from '../kernel/index.ts';

interface StoredDashboard {
  readonly name: string;
  readonly body: string;
  readonly updatedAt: number;
}

const DASHBOARD = 'cloudwatch.dashboard';

export function dashboards({ accountId, clock, documents }: Cloud): Operations {
  const arnOf = (name: string): string => `arn:aws:cloudwatch::${accountId}:dashboard/${name}`;
  const existing = (name: string): StoredDashboard => {
    const found = documents.get<StoredDashboard>(DASHBOARD, name);
    if (!found) throw new AwsError('ResourceNotFound', `Dashboard ${name} does not exist`, 404);
    return found;
  };
  return {
    PutDashboard: ({ DashboardName: name = '', DashboardBody: body = '' }: PutDashboardInput) => {
      if (!/^[A-Za-z0-9_-]{1,255}$/.test(name))
        throw new AwsError('InvalidParameterInput', `The dashboard name ${JSON.stringify(name)} is not valid`);
      checkBody(body);
      documents.put(DASHBOARD, name, { name, body, updatedAt: clock.now() } satisfies StoredDashboard);
      return { DashboardValidationMessages: [] };
    },
    GetDashboard: ({ DashboardName: name = '' }: GetDashboardInput) => ({
      DashboardArn: arnOf(name),
      DashboardName: name,
      DashboardBody: existing(name).body,
    }),
    ListDashboards: ({ DashboardNamePrefix: prefix = '' }: ListDashboardsInput) => ({
      DashboardEntries: documents
        .list<StoredDashboard>(DASHBOARD)
        .filter(({ id }) => id.startsWith(prefix))
        .map(({ document: { name, body, updatedAt } }) => ({
          DashboardName: name,
          DashboardArn: arnOf(name),
          LastModified: new Date(updatedAt),
          Size: Buffer.byteLength(body),
        })),
    }),
    DeleteDashboards: ({ DashboardNames: names = [] }: DeleteDashboardsInput) => {
      for (const name of names) existing(name);
      for (const name of names) documents.delete(DASHBOARD, name);
      return {};
    },
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function checkBody(body: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // Refused below.
  }
  const widgets = (parsed as { readonly widgets?: unknown } | null | undefined)?.widgets;
  if (!Array.isArray(widgets))
    throw new AwsError(
      'InvalidParameterInput',
      'The field DashboardBody must be a valid JSON object with a list of widgets',
    );
}
