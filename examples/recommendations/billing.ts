import { OVERAGE } from './catalogue.ts';
import type { Customer } from './customers.ts';
import { daysBefore } from './customers.ts';
import { type Field, quotedField } from './part-file.ts';
import { Random } from './random.ts';

export const BILLING_COLUMNS = [
  'invoice_id',
  'customer_id',
  'billed_month',
  'due_on',
  'paid_on',
  'amount',
  'overage',
  'note',
] as const;
export const SUBSCRIPTION_COLUMNS = ['customer_id', 'product_id', 'started_on', 'ended_on'] as const;

const MONTHS = 6;

/** Six invoices a customer. A few lines are there twice, word for word, as exports that were restarted leave them. */
export function* billingRows(mine: readonly Customer[], seed: number, batchDate: string): Generator<Field[]> {
  for (const customer of mine) {
    const random = new Random(seed ^ Math.imul(customer.id, 0x85ebca6b));
    for (let monthsAgo = MONTHS; monthsAgo >= 1; monthsAgo -= 1) {
      const row = invoice(customer, monthsAgo, random, batchDate);
      yield row;
      if (random.chance(0.005)) yield row;
    }
  }
}

function invoice(customer: Customer, monthsAgo: number, random: Random, batchDate: string): Field[] {
  const month = firstOfMonth(batchDate, monthsAgo - 1);
  const over = customer.habit === 'heavy' || (customer.habit === 'growing' && monthsAgo <= 2);
  const overage = over ? (customer.product.dataGb ?? 3) * OVERAGE.gb * (0.3 + random.next()) : 0;
  const shock = monthsAgo === 1 && random.chance(0.05) ? customer.product.fee * 2 : 0;
  const due = daysBefore(month, -14);
  const open = random.chance(monthsAgo === 1 ? 0.3 : 0.02);
  const paid = daysBefore(due, random.chance(0.15) ? -random.whole(1, 20) : random.whole(0, 12));
  return [
    customer.id * 10 + monthsAgo,
    customer.id,
    month,
    due,
    open || paid > batchDate ? undefined : paid,
    (customer.product.fee + overage + shock).toFixed(2),
    overage === 0 && random.chance(0.5) ? undefined : overage.toFixed(2),
    random.chance(0.05) ? quotedField('Rückfrage: "zu hoch?" | per E-Mail beantwortet') : undefined,
  ];
}

/** The first day of a month, some months before another day's. */
function firstOfMonth(date: string, monthsBefore: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - monthsBefore, 1)).toISOString().slice(0, 10);
}

/** One running subscription a customer, and for some an earlier one that has ended. */
export function* subscriptionRows(mine: readonly Customer[], seed: number, batchDate: string): Generator<Field[]> {
  for (const { id, product, signedUpOn } of mine) {
    const random = new Random(seed ^ Math.imul(id, 0xc2b2ae35));
    const changedOn = daysBefore(batchDate, random.whole(10, 400));
    if (random.chance(0.2) && changedOn > signedUpOn) {
      yield [id, 11, signedUpOn, changedOn];
      yield [id, product.id, changedOn, undefined];
    } else yield [id, product.id, signedUpOn, undefined];
  }
}
