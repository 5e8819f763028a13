/** Whether a host name or address is the own machine, which needs no network and is no mixed content. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]' || host === '::1'
  );
}
