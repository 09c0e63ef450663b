'use strict';

/**
 * One e-mail subscription an address. YAML cannot loop, and a fixed number of addresses would be a toy.
 * `analystEmails` and `operatorEmails` are parameters: an address, or several separated by commas.
 */
module.exports = async ({ resolveVariable }) => {
  const [analysts, operators] = await Promise.all([addresses('analystEmails'), addresses('operatorEmails')]);
  // SNS knows an address once a topic, so who is both is told everything.
  const onlyOperators = operators.filter((address) => !analysts.includes(address));
  return {
    Resources: {
      ...subscriptions('Completions', analysts),
      ...subscriptions('Completions', onlyOperators, { FilterPolicy: WENT_WRONG }),
      ...subscriptions('Alarms', operators),
    },
  };

  async function addresses(parameter) {
    const list = String(await resolveVariable(`param:${parameter}`))
      .split(',')
      .map((address) => address.trim())
      .filter((address) => address !== '');
    for (const address of list)
      if (!/^[^\s@<>()",;:]+@[^\s@<>()",;:]+$/.test(address))
        throw new Error(
          `${parameter}: '${address}' is not an e-mail address. Give one, or several separated by commas.`,
        );
    return [...new Set(list)];
  }
};

/** Failed runs, and answers whose cluster was not released. https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html */
const WENT_WRONG = { code: [{ exists: true }] };

function subscriptions(topic, addresses, more = {}) {
  return Object.fromEntries(
    addresses.map((address) => [
      // The address is part of the logical id, so that a change of the list touches only what changed.
      `${topic}To${Buffer.from(address).toString('hex')}`,
      {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: `${topic}Topic` }, Protocol: 'email', Endpoint: address, ...more },
      },
    ]),
  );
}
