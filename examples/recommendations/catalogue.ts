import { type Field, quotedField } from './part-file.ts';

/** What the operator sells. Overage prices are for what goes beyond the included volume. */
export interface Product {
  readonly id: number;
  readonly name: string;
  readonly family: string;
  readonly fee: number;
  readonly dataGb: number | undefined;
  readonly voiceMinutes: number | undefined;
  readonly messages: number | undefined;
}

export const PRODUCTS: readonly [Product, ...Product[]] = [
  { id: 11, name: 'Start', family: 'mobile', fee: 7.99, dataGb: 2, voiceMinutes: 100, messages: 100 },
  { id: 12, name: 'Alltag', family: 'mobile', fee: 12.99, dataGb: 8, voiceMinutes: 300, messages: 200 },
  { id: 13, name: 'Überall', family: 'mobile', fee: 19.99, dataGb: 20, voiceMinutes: 600, messages: 500 },
  { id: 14, name: 'Sans limite', family: 'mobile', fee: 29.99, dataGb: 60, voiceMinutes: 2_000, messages: 2_000 },
  { id: 15, name: 'Małe biuro', family: 'business', fee: 24.5, dataGb: 30, voiceMinutes: 1_500, messages: 300 },
  { id: 16, name: 'Team | 5', family: 'business', fee: 39, dataGb: 80, voiceMinutes: 4_000, messages: 1_000 },
  { id: 17, name: 'Nur Daten', family: 'data', fee: 14.99, dataGb: 40, voiceMinutes: undefined, messages: undefined },
  { id: 18, name: 'Vieltelefonierer', family: 'voice', fee: 9.49, dataGb: 1, voiceMinutes: 1_000, messages: 100 },
];

export const OVERAGE = { gb: 1.5, minute: 0.05, message: 0.04 } as const;

export const PRODUCT_COLUMNS = [
  'product_id',
  'product_name',
  'family',
  'monthly_fee',
  'data_gb',
  'voice_minutes',
  'messages',
  'overage_gb',
  'overage_minute',
  'overage_message',
] as const;

export function productRows(): Field[][] {
  return PRODUCTS.map(({ id, name, family, fee, dataGb, voiceMinutes, messages }) => [
    id,
    quotedField(name),
    family,
    fee.toFixed(2),
    dataGb?.toFixed(2),
    voiceMinutes,
    messages,
    OVERAGE.gb.toFixed(2),
    OVERAGE.minute.toFixed(4),
    OVERAGE.message.toFixed(4),
  ]);
}

export const OFFER_COLUMNS = [
  'offer_id',
  'product_id',
  'offer_name',
  'segment',
  'discount_percent',
  'valid_from',
  'valid_to',
  'min_tenure_days',
  'pitch',
] as const;

/** Offers: some for everybody, some for a segment, one expired and one to come, so that eligibility matters. */
export function offerRows(): Field[][] {
  const text = quotedField;
  return [
    [
      101,
      11,
      'Start light',
      'consumer',
      '10.00',
      '2026-09-01',
      undefined,
      undefined,
      text('Wenig nutzen, wenig zahlen'),
    ],
    [
      102,
      12,
      'Alltag plus',
      undefined,
      '15.00',
      '2026-10-01',
      '2026-12-31',
      undefined,
      text('8 GB für jeden Tag – "das Richtige" für die meisten'),
    ],
    [
      103,
      12,
      'Alltag Treue',
      undefined,
      '25.00',
      '2026-10-01',
      '2026-12-31',
      365,
      text('Für Kunden ab einem Jahr | nicht kombinierbar'),
    ],
    [
      104,
      13,
      'Überall Herbst',
      undefined,
      '20.00',
      '2026-10-15',
      '2026-11-30',
      undefined,
      text("C'est l'automne : 20 % de moins"),
    ],
    [105, 14, 'Sans limite', 'consumer', '5.00', '2026-01-01', undefined, 90, undefined],
    [
      106,
      14,
      'Sans limite fidélité',
      'consumer',
      '30.00',
      '2026-11-01',
      '2027-01-31',
      730,
      text('Merci pour votre fidélité 🎉'),
    ],
    [
      107,
      15,
      'Małe biuro na start',
      'business',
      '12.50',
      '2026-10-01',
      undefined,
      undefined,
      text('Pierwsze biuro? Żaden problem'),
    ],
    [
      108,
      16,
      text('Team | 5 Herbst'),
      'business',
      '18.00',
      '2026-10-01',
      '2026-12-31',
      180,
      text('Fünf Karten, ein Preis'),
    ],
    [109, 17, 'Nur Daten', undefined, '0.00', '2026-01-01', undefined, undefined, undefined],
    [110, 18, 'Oma-Tarif', 'consumer', '10.00', '2026-06-01', undefined, undefined, text('Reden, reden, reden')],
    [111, 13, 'Sommer (vorbei)', undefined, '50.00', '2026-06-01', '2026-08-31', undefined, text('Ein Sommer lang')],
    [112, 16, 'Neujahr', 'business', '40.00', '2027-01-01', '2027-01-31', undefined, text('Ab Januar')],
  ];
}
