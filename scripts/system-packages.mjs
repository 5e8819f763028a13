/**
 * Programs that the tests need besides Node: how each is recognized, what it must be able to run, what Debian calls it, and where tests
 * look for its path.
 */
export const systemPackages = [
  {
    name: 'Chromium',
    commands: ['chromium', 'chromium-browser', 'google-chrome'],
    debian: 'chromium',
    env: 'CHROMIUM',
  },
  { name: 'Firefox', commands: ['firefox-esr', 'firefox'], debian: 'firefox-esr', env: 'FIREFOX' },
  { name: 'WebKitWebDriver', commands: ['WebKitWebDriver'], debian: 'webkit2gtk-driver', env: 'WEBKIT_DRIVER' },
  // The browser that comes with the driver; it is not on PATH.
  {
    name: 'MiniBrowser',
    commands: ['MiniBrowser'],
    folders: ['x86_64', 'aarch64'].flatMap((machine) =>
      ['4.1', '4.0', '6.0'].map((version) => `/usr/lib/${machine}-linux-gnu/webkit2gtk-${version}`),
    ),
    debian: 'webkit2gtk-driver',
    env: 'MINIBROWSER',
  },
  { name: 'Xvfb', commands: ['Xvfb'], debian: 'xvfb', env: 'XVFB' },
  { name: 'nginx', commands: ['nginx'], debian: 'nginx', env: 'NGINX' },
  { name: 'Apache httpd', commands: ['apache2'], debian: 'apache2', env: 'APACHE2' },
  { name: 'HAProxy', commands: ['haproxy'], debian: 'haproxy', env: 'HAPROXY' },
  { name: 'Caddy', commands: ['caddy'], debian: 'caddy', env: 'CADDY' },
  {
    name: 'python-socketio',
    commands: ['python3'],
    check: ['-c', 'import socketio, aiohttp, eventlet, werkzeug'],
    debian: 'python3-socketio python3-aiohttp python3-eventlet python3-werkzeug',
    env: 'PYTHON',
  },
  {
    name: 'protobuf for Python',
    commands: ['python3'],
    check: ['-c', 'import google.protobuf'],
    debian: 'python3-protobuf',
    env: 'PYTHON_PROTOBUF',
  },
  { name: 'protoc', commands: ['protoc'], debian: 'protobuf-compiler', env: 'PROTOC' },
  { name: 'openssl', commands: ['openssl'], debian: 'openssl', env: 'OPENSSL' },
];
