'use strict';

/** The least and the most that each number among the parameters may be. */
const NUMBERS = {
  // https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html
  nodes: [1, 128],
  // A run ends after 48 hours.
  fileDeadlineMinutes: [1, 2_880],
  // Redshift ends a statement of the Data API after 24 hours. https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html
  statementTimeoutMinutes: [1, 1_440],
  janitorMinutes: [1, 1_440],
  clusterAliveAlarmMinutes: [1, 525_600],
  // Files are read for as long as their run may take, also once it is redriven: for 14 days.
  // https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
  inboxRetentionDays: [15, 36_500],
  workRetentionDays: [15, 36_500],
  resultsRetentionDays: [15, 36_500],
};

/**
 * What is made of the numbers among the parameters: `{ janitorRate, janitorPeriodSeconds }`. All of them are looked at, so that a wrong one is told when the
 * service is packaged, with what is wrong about it; CloudFormation would roll a deployment back, and a function would fail at the first batch.
 */
module.exports = async ({ resolveVariable }) => {
  const numbers = {};
  for (const [name, [least, most]] of Object.entries(NUMBERS)) {
    const given = String(await resolveVariable(`param:${name}`));
    numbers[name] = Number(given);
    if (!/^\d+$/.test(given) || numbers[name] < least || numbers[name] > most)
      throw new Error(`${name}: '${given}' is not a whole number from ${least} to ${most}.`);
  }
  const { janitorMinutes } = numbers;
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html#eb-rate-expressions
  return {
    janitorRate: janitorMinutes === 1 ? 'rate(1 minute)' : `rate(${janitorMinutes} minutes)`,
    // An alarm about what the janitor does looks at periods in each of which it was at work, or two in a row would never be bad.
    janitorPeriodSeconds: 60 * Math.max(15, janitorMinutes),
  };
};
