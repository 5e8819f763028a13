import { isIP } from 'node:net';

/** Whether a string is a list of addresses, with or without a prefix length, as fastify's `trustProxy` takes it. */
export function isProxyList(text: string): boolean {
  return text.split(',').every((one) => isProxyAddress(one.trim()));
}

function isProxyAddress(text: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/.test(text)) return true;
  const [, address = '', bits = '1'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128);
}
