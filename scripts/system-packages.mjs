/** Programs that the tests need beside Node: how each is recognised, what Debian calls it, and where tests look for its path. */
export const systemPackages = [
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium',
    env: 'CHROMIUM',
  },
  { name: 'nginx', commands: ['nginx'], debian: 'nginx', env: 'NGINX' },
  { name: 'openssl', commands: ['openssl'], debian: 'openssl', env: 'OPENSSL' },
];
