import { PRODUCTS, type Product } from './catalogue.ts';
import { type Field, quotedField } from './part-file.ts';
import { Random } from './random.ts';

/** How a customer's use develops: what the recommendations should notice. */
const HABITS = ['steady', 'steady', 'steady', 'growing', 'declining', 'silent', 'heavy'] as const;

export interface Customer {
  readonly id: number;
  readonly habit: (typeof HABITS)[number];
  readonly segment: 'consumer' | 'business';
  readonly product: Product;
  readonly signedUpOn: string;
  readonly row: readonly Field[];
}

const GIVEN = [
  'Anna',
  'José',
  'Łukasz',
  'Müge',
  'Søren',
  'Zoë',
  'Ngọc',
  'Ян',
  '美咲',
  'Aoife',
  'Björn',
  'Chloé',
] as const;
const FAMILY = [
  "O'Brien",
  'Müller',
  'Nguyễn',
  'Świątek',
  'García "Paco" López',
  'de la Cruz',
  'Ångström',
  '田中',
  'Иванова',
  'Smith',
  'D’Angelo',
  'Öztürk',
] as const;
const COUNTRIES = ['DE', 'FR', 'PL', 'ES', 'IE', 'SE'] as const;

export const CUSTOMER_COLUMNS = [
  'customer_id',
  'full_name',
  'segment',
  'country',
  'signed_up_on',
  'contract_ends_on',
] as const;

const DAY = 86_400_000;

/** A day some days before (or, if negative, after) another. */
export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - days * DAY).toISOString().slice(0, 10);
}

/** The first customer's id; others follow without gaps. */
const FIRST_ID = 100_001;

export function customers(count: number, seed: number, batchDate: string): Customer[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, at) => customer(FIRST_ID + at, random, batchDate));
}

function customer(id: number, random: Random, batchDate: string): Customer {
  const segment = random.chance(0.2) ? 'business' : 'consumer';
  const business = PRODUCTS.filter(({ family }) => family === 'business');
  const consumer = PRODUCTS.filter(({ family }) => family !== 'business');
  const [first = PRODUCTS[0], ...others] = segment === 'business' ? business : consumer;
  const name = `${random.pick(GIVEN)} ${random.pick(FAMILY)}`;
  const signedUpOn = daysBefore(batchDate, random.whole(20, 2_500));
  return {
    id,
    habit: random.pick(HABITS),
    segment,
    product: random.pick([first, ...others]),
    signedUpOn,
    row: [
      id,
      random.chance(0.02) ? undefined : quotedField(random.chance(0.1) ? `${name} | Familie` : name),
      segment,
      random.chance(0.03) ? undefined : random.pick(COUNTRIES),
      signedUpOn,
      random.chance(0.4) ? undefined : daysBefore(batchDate, -random.whole(5, 700)),
    ],
  };
}
