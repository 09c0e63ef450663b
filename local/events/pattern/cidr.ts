import { BlockList, isIP } from 'node:net';

/** A test for addresses in a range such as `10.0.0.0/24` or `2001:db8::/32`; `undefined` if the text is no range. */
export function parseCidr(text: string): ((address: string) => boolean) | undefined {
  const [network = '', bits] = text.split('/');
  const version = isIP(network);
  const width = Number(bits);
  if (version === 0 || bits === undefined || !/^\d+$/.test(bits) || width > (version === 4 ? 32 : 128))
    return undefined;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(network, width, family);
  return (address) => isIP(address) === version && range.check(address, family);
}
