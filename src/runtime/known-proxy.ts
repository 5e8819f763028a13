/** Products that usually run in front of an application server, as they name themselves in `Server`. */
const PRODUCTS =
  /nginx|openresty|apache|caddy|envoy|cloudflare|awselb|traefik|varnish|haproxy|google frontend|akamai|fastly|cloudfront|litespeed|microsoft-iis|vercel|netlify|heroku/i;

/** The reverse proxy that signed a response, by its `Server` or `Via` header. */
export function knownProxy(header: (name: string) => string | null | undefined): string | undefined {
  const product = PRODUCTS.exec(header('server') ?? '')?.[0]?.toLowerCase();
  return product ?? (header('via') ? 'via' : undefined);
}
