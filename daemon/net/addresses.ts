/** Addresses as people and sockets write them: which are this machine, and which lie in a list of networks. */
import { BlockList, isIP } from 'node:net';

const loopback = networks(['127.0.0.0/8', '::1']);

/** Of an address to listen on or a peer's; names other than `localhost` are not trusted to stay here. */
export function isLoopback(host: string): boolean {
  const address = plainAddress(host);
  return isIP(address) === 0 ? address === 'localhost' : contains(loopback, address);
}

/** `::ffff:127.0.0.1`, as a socket for both families names an IPv4 peer, and `[::1]`, as URLs do. */
export function plainAddress(address: string): string {
  return address.replace(/^\[|\]$/g, '').replace(/^::ffff:(?=\d+\.)/i, '');
}

/** Whoever has one IPv6 address has the 2^64 beside it: they count as one. */
export function neighbourhood(address: string): string {
  const plain = plainAddress(address);
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = plain.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
}

/** @returns null where one of them is neither an address nor a network such as 10.0.0.0/8 */
export function parseNetworks(list: readonly string[]): BlockList | null {
  return list.every(isNetwork) ? networks(list) : null;
}

export function contains(list: BlockList, address: string): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}

function networks(list: readonly string[]): BlockList {
  const block = new BlockList();
  for (const text of list) {
    const [address = '', bits] = text.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) block.addAddress(address, family);
    else block.addSubnet(address, Number(bits), family);
  }
  return block;
}
