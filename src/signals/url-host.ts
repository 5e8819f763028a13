/** A host as it stands in a URL: an IPv6 address in brackets, also where they were left out. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
