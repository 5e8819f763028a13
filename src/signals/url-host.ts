/** A host as it appears in a URL: an IPv6 address has brackets, even if they were left out. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
