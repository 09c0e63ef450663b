import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExampleBatch, ExampleOptions } from '../example.ts';
import { BILLING_COLUMNS, billingRows, SUBSCRIPTION_COLUMNS, subscriptionRows } from './billing.ts';
import { OFFER_COLUMNS, offerRows, PRODUCT_COLUMNS, productRows } from './catalogue.ts';
import { CUSTOMER_COLUMNS, customers } from './customers.ts';
import { recommendationsManifest } from './manifest.ts';
import { writePartFile } from './part-file.ts';
import { USAGE_COLUMNS, usageRows } from './usage.ts';

/** Customers at scale 1: more than 200,000 rows of usage. */
const CUSTOMERS = 1_200;
const USAGE_FILES = 8;
const BILLING_FILES = 2;
const BATCH_DATE = '2026-11-22';

/**
 * A batch of a telephone operator as a Hadoop cluster exports it: gzipped, pipe-delimited part files named as Hive (`000000_0.gz`) and
 * Sqoop (`part-m-00000.gz`) name them, with NULLs, quotation marks and text in many scripts.
 */
export async function generateRecommendations(
  directory: string,
  { seed = 1, scale = 1 }: ExampleOptions = {},
): Promise<ExampleBatch> {
  await mkdir(directory, { recursive: true });
  const all = customers(Math.max(1, Math.round(CUSTOMERS * scale)), seed, BATCH_DATE);
  const share = (part: number, parts: number) => all.filter((_, at) => at % parts === part);
  const hive = (part: number): string => `${String(part).padStart(6, '0')}_0.gz`;
  const sqoop = (part: number): string => `part-m-${String(part).padStart(5, '0')}.gz`;
  const write = (key: string, columns: readonly string[], rows: Parameters<typeof writePartFile>[3]) =>
    writePartFile(directory, key, columns, rows);
  const parts = (count: number) => Array.from({ length: count }, (_, part) => part);

  const [usage, billing, customer, subscription, product, offer] = await Promise.all([
    Promise.all(
      parts(USAGE_FILES).map((part) =>
        write(`customer_usage/${hive(part)}`, USAGE_COLUMNS, usageRows(share(part, USAGE_FILES), seed, BATCH_DATE)),
      ),
    ),
    Promise.all(
      parts(BILLING_FILES).map((part) =>
        write(`billing/${sqoop(part)}`, BILLING_COLUMNS, billingRows(share(part, BILLING_FILES), seed, BATCH_DATE)),
      ),
    ),
    write(
      `customer/${hive(0)}`,
      CUSTOMER_COLUMNS,
      all.map(({ row }) => row),
    ),
    write(`subscription/${sqoop(0)}`, SUBSCRIPTION_COLUMNS, subscriptionRows(all, seed, BATCH_DATE)),
    write(`product/${sqoop(0)}`, PRODUCT_COLUMNS, productRows()),
    write(`product_offer/${sqoop(0)}`, OFFER_COLUMNS, offerRows()),
  ]);
  const manifest = recommendationsManifest(BATCH_DATE, {
    usage,
    billing,
    customer: [customer],
    subscription: [subscription],
    product: [product],
    offer: [offer],
  });
  const manifestPath = join(directory, 'manifest.json');
  await writeFile(manifestPath, `${JSON.stringify(manifest, undefined, 2)}\n`);
  return { manifestPath, files: [...usage, ...billing, customer, subscription, product, offer].map(({ key }) => key) };
}
