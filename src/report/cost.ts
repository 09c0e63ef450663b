/**
 * On-demand prices of a node in USD an hour, us-east-1, autumn 2026. https://aws.amazon.com/redshift/pricing/. Other regions differ by up to a half.
 */
const NODE_HOUR_USD: Readonly<Record<string, number>> = {
  'ra3.large': 0.543,
  'ra3.xlplus': 1.086,
  'ra3.4xlarge': 3.26,
  'ra3.16xlarge': 13.04,
};

/** https://aws.amazon.com/step-functions/pricing/ */
const TRANSITION_USD = 0.000_025;
/** Arm, first tier. https://aws.amazon.com/lambda/pricing/ */
const GB_SECOND_USD = 0.000_013_333_4;

/** Transitions of a run apart from its units, and of a unit that is looked at once. Counted on the definitions. */
const RUN_TRANSITIONS = 45;
const UNIT_TRANSITIONS = 4;
/** Memory of the functions that follow statements. */
const STATEMENT_GB = 0.25;
/** Seconds of function time around a unit's own. */
const UNIT_OVERHEAD_S = 1;

/** An estimate, and marked as one wherever it is shown: list prices, one region, no discounts, no data transfer. */
export interface Cost {
  readonly estimated: true;
  readonly currency: 'USD';
  /** Absent for a node type whose price is not known here. */
  readonly cluster?: number;
  readonly orchestration: number;
  readonly total: number;
}

export function estimateCost(use: {
  readonly nodeType: string;
  readonly nodes: number;
  readonly clusterMs: number;
  readonly unitDurationsMs: readonly number[];
}): Cost {
  const price = NODE_HOUR_USD[use.nodeType];
  const cluster = price === undefined ? undefined : (price * use.nodes * use.clusterMs) / 3_600_000;
  const transitions = (RUN_TRANSITIONS + UNIT_TRANSITIONS * use.unitDurationsMs.length) * TRANSITION_USD;
  const seconds = use.unitDurationsMs.reduce((sum, ms) => sum + ms / 1000 + UNIT_OVERHEAD_S, 0);
  const orchestration = transitions + seconds * STATEMENT_GB * GB_SECOND_USD;
  return {
    estimated: true,
    currency: 'USD',
    ...(cluster === undefined ? {} : { cluster: cents(cluster) }),
    orchestration: cents(orchestration),
    total: cents((cluster ?? 0) + orchestration),
  };
}

/** To a hundredth of a cent. */
function cents(usd: number): number {
  return Math.round(usd * 10_000) / 10_000;
}
