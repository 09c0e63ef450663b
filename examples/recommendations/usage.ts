import type { Customer } from './customers.ts';
import { daysBefore } from './customers.ts';
import type { Field } from './part-file.ts';
import { Random } from './random.ts';

export const USAGE_COLUMNS = ['customer_id', 'service', 'usage_date', 'quantity', 'roaming'] as const;

/** Days of usage in a batch: enough for twelve weeks and the days around them. */
const DAYS = 90;

/** What a steady customer uses of a service a day, as a share of the product's volume, and on how many days. */
const SERVICES = [
  { service: 'data', everyDay: 0.95, volume: (customer: Customer) => (customer.product.dataGb ?? 3) / 30 },
  { service: 'voice', everyDay: 0.7, volume: (customer: Customer) => (customer.product.voiceMinutes ?? 30) / 60 },
  { service: 'message', everyDay: 0.5, volume: (customer: Customer) => (customer.product.messages ?? 20) / 90 },
] as const;

/** Of all rows, those of customers that the batch does not know: the source has some, and a check should find them. */
const UNKNOWN_CUSTOMER = 0.0001;

/** The usage of some customers. A customer's rows depend on the seed and the customer alone, not on the file they land in. */
export function* usageRows(mine: readonly Customer[], seed: number, batchDate: string): Generator<Field[]> {
  const dates = Array.from({ length: DAYS }, (_, age) => daysBefore(batchDate, age));
  for (const customer of mine) {
    const random = new Random(seed ^ Math.imul(customer.id, 0x9e3779b1));
    const quietDays = customer.habit === 'silent' ? random.whole(15, 60) : 0;
    for (let age = DAYS - 1; age >= quietDays; age -= 1) {
      const abroad = random.chance(0.03);
      for (const { service, everyDay, volume } of SERVICES) {
        if (!random.chance(everyDay)) continue;
        const quantity = volume(customer) * factor(customer, age) * (0.4 + 1.2 * random.next());
        yield [
          random.chance(UNKNOWN_CUSTOMER) ? 900_000 + random.whole(1, 20) : customer.id,
          service,
          dates[age],
          random.chance(0.002) ? undefined : quantity.toFixed(3),
          random.chance(0.01) ? undefined : String(abroad),
        ];
      }
    }
  }
}

/** How today's use compares with the steady one; `age` is days before the batch. */
function factor({ habit }: Customer, age: number): number {
  if (habit === 'growing') return 1.6 - (age / DAYS) * 1.2;
  if (habit === 'declining') return 0.3 + (age / DAYS) * 1.1;
  return habit === 'heavy' ? 1.8 : 0.8;
}
