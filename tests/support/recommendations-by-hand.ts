import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A row of the answer, as its CSV has it. */
export type RecommendationRow = Readonly<Record<string, string>>;
type Row = Readonly<Record<string, string | undefined>>;

const BATCH = '2026-11-22';
const DAY = 86_400_000;

/** Whole numbers of a decimal's smallest part, so that sums are exact: thousandths of quantities, cents of money. */
interface Profile {
  readonly id: number;
  readonly row: Row;
  readonly tenure: number;
  readonly product: Row | undefined;
  readonly averageCents: number;
  readonly dataMilli: number;
  readonly voiceMilli: number;
  readonly messagesMilli: number;
  /** Hundredths. */
  readonly risk: number;
  readonly reason: string;
}

interface Fit {
  readonly offer: Row;
  readonly product: Row;
  readonly costCents: number;
  readonly savingCents: number;
  /** Thousandths. */
  readonly covered: number;
  readonly fit: number;
}

/**
 * The recommendations example's answer, computed from the batch's files with loops and whole numbers, without any SQL. What
 * `sql/recommendations` says is compared with this.
 */
export function recommendationsByHand(directory: string, files: readonly string[]): RecommendationRow[] {
  const read = (table: string): Row[] =>
    files.filter((key) => key.startsWith(`${table}/`)).flatMap((key) => readHouseFormat(join(directory, key)));
  const products = new Map(read('product').map((row) => [row['product_id'], row]));
  const subscriptions = grouped(read('subscription'));
  const invoices = grouped([...new Map(read('billing').map((row) => [row['invoice_id'], row])).values()]);
  const usage = grouped(read('customer_usage'));
  const offers = read('product_offer').filter(
    ({ valid_from: from = '', valid_to: to }) => from <= BATCH && (to === undefined || to >= BATCH),
  );
  return read('customer')
    .map((row) => {
      const id = row['customer_id'] ?? '';
      return profile(row, subscriptions.get(id) ?? [], products, invoices.get(id) ?? [], usage.get(id) ?? []);
    })
    .sort((one, other) => one.id - other.id)
    .flatMap((customer) => best(customer, offers, products).map((fit, at) => answerRow(customer, fit, at + 1)));
}

function profile(
  row: Row,
  subscriptions: readonly Row[],
  products: ReadonlyMap<string | undefined, Row>,
  invoices: readonly Row[],
  usage: readonly Row[],
): Profile {
  const current = subscriptions
    .filter(({ started_on: from = '', ended_on: to }) => from <= BATCH && (to === undefined || to > BATCH))
    .sort(
      (one, other) =>
        text(other, 'started_on').localeCompare(text(one, 'started_on')) ||
        whole(one, 'product_id') - whole(other, 'product_id'),
    )[0];
  const product = current && products.get(current['product_id']);
  const bills = billing(invoices);
  const used = usageOf(usage);
  const change =
    used.priorMilli === 0 ? undefined : rounded((100 * (used.dataMilli - used.priorMilli)) / used.priorMilli, 1);
  const ends = row['contract_ends_on'];
  const signs: readonly (readonly [number, string])[] = [
    [used.lastAge === undefined || used.lastAge > 14 ? 25 : 0, 'not used for two weeks'],
    [change === undefined ? 0 : change < -30 ? 30 : change < -10 ? 15 : 0, 'uses less and less'],
    [ends !== undefined && age(ends) <= 0 && age(ends) >= -60 ? 20 : 0, 'contract ends soon'],
    [bills.shock ? 15 : 0, 'last bill was a shock'],
    [Math.min(bills.late, 2) * 5, 'pays late'],
  ];
  const worst = Math.max(...signs.map(([weight]) => weight));
  return {
    id: whole(row, 'customer_id'),
    row,
    tenure: age(text(row, 'signed_up_on')),
    product,
    averageCents: bills.averageCents ?? (product ? scaled(product, 'monthly_fee', 2) : 0),
    dataMilli: Math.round(used.dataMilli + (4 * Math.max(0, Math.round(used.slope * 10_000))) / 10),
    voiceMilli: used.voiceMilli,
    messagesMilli: used.messagesMilli,
    risk: signs.reduce((sum, [weight]) => sum + weight, 0),
    reason: worst === 0 ? 'none' : (signs.find(([weight]) => weight === worst)?.[1] ?? 'none'),
  };
}

function billing(all: readonly Row[]): { averageCents?: number; shock: boolean; late: number } {
  const invoices = all
    .filter(({ billed_month: month = '' }) => month > '2026-05-22' && month <= BATCH)
    .sort(
      (one, other) =>
        text(one, 'billed_month').localeCompare(text(other, 'billed_month')) ||
        whole(one, 'invoice_id') - whole(other, 'invoice_id'),
    );
  const late = invoices.filter((invoice) => (invoice['paid_on'] ?? BATCH) > text(invoice, 'due_on')).length;
  const cents = invoices.map((invoice) => scaled(invoice, 'amount', 2));
  const last = cents.at(-1);
  if (last === undefined) return { shock: false, late };
  const before = cents.slice(-4, -1);
  return {
    averageCents: average(cents),
    shock: before.length > 0 && last * 2 > average(before) * 3,
    late,
  };
}

/** AVG of decimals has their scale: what is beyond is cut off. https://docs.aws.amazon.com/redshift/latest/dg/r_AVG.html */
function average(cents: readonly number[]): number {
  return Math.trunc(cents.reduce((sum, amount) => sum + amount, 0) / cents.length);
}

function usageOf(all: readonly Row[]): {
  dataMilli: number;
  priorMilli: number;
  voiceMilli: number;
  messagesMilli: number;
  lastAge: number | undefined;
  slope: number;
} {
  const recent = all
    .map((row) => ({
      service: text(row, 'service'),
      milli: row['quantity'] === undefined ? 0 : scaled(row, 'quantity', 3),
      age: age(text(row, 'usage_date')),
    }))
    .filter((row) => row.age >= 0 && row.age < 84);
  const sum = (service: string, from: number, to: number): number =>
    recent.reduce(
      (total, row) => (row.service === service && row.age >= from && row.age < to ? total + row.milli : total),
      0,
    );
  const weeks = new Map<number, number>();
  for (const { service, milli, age: days } of recent) {
    const week = 11 - Math.trunc(days / 7);
    if (service === 'data') weeks.set(week, (weeks.get(week) ?? 0) + milli);
  }
  const points = [...weeks];
  const total = (of: (week: number, milli: number) => number): number =>
    points.reduce((running, [week, milli]) => running + of(week, milli), 0);
  const spread = points.length * total((week) => week * week) - total((week) => week) ** 2;
  const rise =
    points.length * total((week, milli) => week * milli) - total((week) => week) * total((_week, milli) => milli);
  return {
    dataMilli: sum('data', 0, 30),
    priorMilli: sum('data', 30, 60),
    voiceMilli: sum('voice', 0, 30),
    messagesMilli: sum('message', 0, 30),
    lastAge: recent.length === 0 ? undefined : Math.min(...recent.map((row) => row.age)),
    slope: spread === 0 ? 0 : rounded(rise / 1_000 / spread, 4),
  };
}

function best(customer: Profile, offers: readonly Row[], products: ReadonlyMap<string | undefined, Row>): Fit[] {
  if (customer.averageCents <= 0) return [];
  const fits = offers
    .filter(
      (offer) =>
        (offer['segment'] === undefined || offer['segment'] === customer.row['segment']) &&
        Number(offer['min_tenure_days'] ?? 0) <= customer.tenure &&
        offer['product_id'] !== customer.product?.['product_id'],
    )
    .flatMap((offer) => {
      const product = products.get(offer['product_id']);
      return product ? [priced(customer, offer, product)] : [];
    })
    .filter(({ savingCents }) => savingCents * 10 >= -customer.averageCents)
    .sort(
      (one, other) =>
        other.fit - one.fit ||
        other.savingCents - one.savingCents ||
        whole(one.offer, 'offer_id') - whole(other.offer, 'offer_id'),
    );
  const seen = new Set<string | undefined>();
  return fits.filter(({ product }) => !seen.has(product['product_id']) && seen.add(product['product_id'])).slice(0, 3);
}

function priced(customer: Profile, offer: Row, product: Row): Fit {
  const fee = Math.round(
    (scaled(product, 'monthly_fee', 2) * (10_000 - scaled(offer, 'discount_percent', 2))) / 10_000,
  );
  // In 10^-7 of the currency: thousandths of a quantity times 10^-4.
  const beyond = (milli: number, included: number, price: number): number => Math.max(milli - included, 0) * price;
  const overage =
    beyond(customer.dataMilli, included(product, 'data_gb'), scaled(product, 'overage_gb', 4)) +
    beyond(customer.voiceMilli, included(product, 'voice_minutes'), scaled(product, 'overage_minute', 4)) +
    beyond(customer.messagesMilli, included(product, 'messages'), scaled(product, 'overage_message', 4));
  const costCents = fee + Math.round(overage / 100_000);
  const savingCents = customer.averageCents - costCents;
  const covered = customer.dataMilli === 0 ? 1 : Math.min(1, included(product, 'data_gb') / customer.dataMilli);
  const saved = Math.max(-1, Math.min(1, savingCents / customer.averageCents));
  return {
    offer,
    product,
    costCents,
    savingCents,
    covered: Math.round(covered * 1_000),
    fit: rounded(0.5 * saved + 0.3 * covered + (0.2 * customer.risk) / 100, 4),
  };
}

function answerRow(customer: Profile, fit: Fit, rank: number): RecommendationRow {
  const { row, product } = customer;
  return {
    customer_id: String(customer.id),
    full_name: row['full_name'] ?? '',
    segment: row['segment'] ?? '',
    country: row['country'] ?? '',
    current_product: product?.['product_name'] ?? '',
    average_bill: money(customer.averageCents),
    rank: String(rank),
    offer_name: fit.offer['offer_name'] ?? '',
    offered_product: fit.product['product_name'] ?? '',
    expected_cost: money(fit.costCents),
    monthly_saving: money(fit.savingCents),
    churn_risk: (customer.risk / 100).toFixed(3),
    fit: fit.fit.toFixed(4),
    reason: reason(customer, fit),
    pitch: fit.offer['pitch'] ?? '',
  };
}

function reason({ dataMilli, reason: risk }: Profile, { savingCents, covered }: Fit): string {
  const price =
    savingCents >= 100
      ? `Saves ${money(savingCents)} a month`
      : savingCents > -100
        ? 'Costs about the same'
        : `Costs ${money(-savingCents)} more a month`;
  const volume = `${(Math.round(dataMilli / 100) / 10).toFixed(1)} GB`;
  const covers =
    dataMilli === 0
      ? ''
      : covered >= 1_000
        ? ` and covers all of ${volume}`
        : ` and covers ${Math.floor(covered / 10)}% of ${volume}`;
  return `${price}${covers}${risk === 'none' ? '' : `; ${risk}`}`;
}

/** A product's volume in thousandths; none is nothing. */
function included(product: Row, volume: string): number {
  return product[volume] === undefined ? 0 : scaled(product, volume, 3);
}

function money(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** Half away from zero. */
function rounded(value: number, digits: number): number {
  return (Math.sign(value) * Math.round(Math.abs(value) * 10 ** digits)) / 10 ** digits;
}

/** Days before the batch. */
function age(date: string): number {
  return (Date.parse(BATCH) - Date.parse(date)) / DAY;
}

function text(row: Row, column: string): string {
  return row[column] ?? '';
}

function whole(row: Row, column: string): number {
  return Number(row[column]);
}

/** A decimal's digits as a whole number: `12.5` with two digits is 1250. */
function scaled(row: Row, column: string, digits: number): number {
  return Math.round(Number(row[column]) * 10 ** digits);
}

function grouped(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => row['customer_id'] ?? '');
}

/** Pipe-delimited, gzip, one header line; quotation marks around a field go, and what is empty is NULL. */
function readHouseFormat(path: string): Row[] {
  const [head = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  const heads = head.split('|');
  return lines.map((line) => {
    const fields = [...line.matchAll(/(?:"(.*?)"|([^|]*))(?:\||$)/g)].map(([, quoted, plain]) => quoted ?? plain);
    return Object.fromEntries(heads.map((name, at) => [name, fields[at] === '' ? undefined : fields[at]]));
  });
}
