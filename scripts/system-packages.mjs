/** Programs that the tests need beside Node: how each is recognised, what Debian calls it, and where tests look for its path. */
export const systemPackages = [
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium',
    env: 'CHROMIUM',
  },
  { name: 'nginx', commands: ['nginx'], debian: 'nginx', env: 'NGINX' },
  { name: 'Apache httpd', commands: ['apache2'], debian: 'apache2', env: 'APACHE2' },
  { name: 'HAProxy', commands: ['haproxy'], debian: 'haproxy', env: 'HAPROXY' },
  { name: 'Caddy', commands: ['caddy'], debian: 'caddy', env: 'CADDY' },
  { name: 'openssl', commands: ['openssl'], debian: 'openssl', env: 'OPENSSL' },
];
