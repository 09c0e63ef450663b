import type { PartFile } from './part-file.ts';

export interface RecommendationFiles {
  readonly usage: readonly PartFile[];
  readonly billing: readonly PartFile[];
  readonly customer: readonly PartFile[];
  readonly subscription: readonly PartFile[];
  readonly product: readonly PartFile[];
  readonly offer: readonly PartFile[];
}

/** The manifest of the batch: no format, so every table is in the house's; sizes and rows of every file. */
export function recommendationsManifest(batch: string, files: RecommendationFiles) {
  const required = (name: string, type: string) => ({ name, type, nullable: false });
  const optional = (name: string, type: string) => ({ name, type });
  return {
    version: 1,
    project: 'recommendations',
    batch,
    schemas: [
      {
        name: 'staging',
        tables: [
          {
            name: 'customer_usage',
            columns: [
              required('customer_id', 'bigint'),
              required('service', 'varchar(16)'),
              required('usage_date', 'date'),
              optional('quantity', 'decimal(14,3)'),
              optional('roaming', 'boolean'),
            ],
            distKey: 'customer_id',
            sortKey: ['usage_date', 'customer_id'],
            files: files.usage,
          },
          {
            name: 'billing',
            columns: [
              required('invoice_id', 'bigint'),
              required('customer_id', 'bigint'),
              required('billed_month', 'date'),
              required('due_on', 'date'),
              optional('paid_on', 'date'),
              required('amount', 'decimal(12,2)'),
              optional('overage', 'decimal(12,2)'),
              optional('note', 'varchar(400)'),
            ],
            key: ['invoice_id'],
            distKey: 'customer_id',
            sortKey: ['billed_month'],
            load: 'merge',
            files: files.billing,
          },
          {
            name: 'customer',
            columns: [
              required('customer_id', 'bigint'),
              optional('full_name', 'varchar(120)'),
              required('segment', 'varchar(16)'),
              optional('country', 'char(2)'),
              required('signed_up_on', 'date'),
              optional('contract_ends_on', 'date'),
            ],
            key: ['customer_id'],
            distKey: 'customer_id',
            files: files.customer,
          },
          {
            name: 'subscription',
            columns: [
              required('customer_id', 'bigint'),
              required('product_id', 'integer'),
              required('started_on', 'date'),
              optional('ended_on', 'date'),
            ],
            distKey: 'customer_id',
            files: files.subscription,
          },
          {
            name: 'product',
            columns: [
              required('product_id', 'integer'),
              required('product_name', 'varchar(120)'),
              required('family', 'varchar(16)'),
              required('monthly_fee', 'decimal(10,2)'),
              optional('data_gb', 'decimal(10,2)'),
              optional('voice_minutes', 'integer'),
              optional('messages', 'integer'),
              required('overage_gb', 'decimal(10,2)'),
              required('overage_minute', 'decimal(10,4)'),
              required('overage_message', 'decimal(10,4)'),
            ],
            key: ['product_id'],
            files: files.product,
          },
          {
            name: 'product_offer',
            columns: [
              required('offer_id', 'integer'),
              required('product_id', 'integer'),
              required('offer_name', 'varchar(160)'),
              optional('segment', 'varchar(16)'),
              required('discount_percent', 'decimal(5,2)'),
              required('valid_from', 'date'),
              optional('valid_to', 'date'),
              optional('min_tenure_days', 'integer'),
              optional('pitch', 'varchar(400)'),
            ],
            key: ['offer_id'],
            files: files.offer,
          },
        ],
      },
    ],
    cluster: { existing: 'reuse', afterRun: 'delete' },
  };
}
