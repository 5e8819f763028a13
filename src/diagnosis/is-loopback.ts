/** Whether a host name or address is the same machine, which needs no network and is not mixed content. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]' || host === '::1'
  );
}
