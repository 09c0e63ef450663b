'use strict';

/** VPCs are /16 to /28, subnets at least /28. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const WIDEST_PREFIX = 16;
const NARROWEST_PREFIX = 27;

/**
 * The network's two halves, one a zone: `{ a, b }`. Cut here and not with Fn::Cidr, so that a wrong CIDR is told when the service is
 * packaged, and with what is wrong about it.
 */
module.exports = async ({ resolveVariable }) => {
  const cidr = String(await resolveVariable('param:networkCidr'));
  const [, address = '', prefixText = ''] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr) ?? [];
  const parts = address.split('.').map(Number);
  const prefix = Number(prefixText);
  const bad = (why) => new Error(`networkCidr: '${cidr}' ${why}. Give an IPv4 network such as 10.42.0.0/24.`);
  if (address === '' || parts.some((part) => part > 255)) throw bad('is not an IPv4 network');
  if (prefix < WIDEST_PREFIX || prefix > NARROWEST_PREFIX)
    throw bad(`is not between /${WIDEST_PREFIX} and /${NARROWEST_PREFIX}`);
  const start = parts.reduce((sum, part) => sum * 256 + part, 0);
  if (start % 2 ** (32 - prefix) !== 0) throw bad('does not start at a boundary of its own size');
  const half = 2 ** (32 - prefix - 1);
  return { a: `${dotted(start)}/${prefix + 1}`, b: `${dotted(start + half)}/${prefix + 1}` };
};

function dotted(number) {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}
