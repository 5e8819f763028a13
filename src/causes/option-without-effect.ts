import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import type { ClientFacts } from '../signals/timeline.js';
import type { UsageOf } from '../signals/usage.js';

/** Why an option has no effect here. */
export type NoEffect =
  | 'websocket-has-no-headers'
  | 'websocket-always-sends-cookies'
  | 'browser-decides-tls'
  | 'no-websocket'
  | 'nothing-to-upgrade'
  | 'above-the-maximum'
  | 'zero-is-the-default'
  | 'url-decides'
  | 'client-too-old';

export interface Details {
  readonly options: readonly { readonly name: string; readonly reason: NoEffect }[];
}

/** What Node passes on to its TLS and HTTP modules; a page has no say in that. */
const NODE_ONLY: readonly string[] = [
  'agent',
  'ca',
  'cert',
  'checkServerIdentity',
  'ciphers',
  'family',
  'key',
  'localAddress',
  'passphrase',
  'pfx',
  'rejectUnauthorized',
];
/** Defaults of the Manager, 1.x to 4.x. */
const DEFAULT_DELAY_MS = 1_000;
const DEFAULT_DELAY_MAX_MS = 5_000;

export const rule: Rule<'option-without-effect', Details> = {
  code: 'option-without-effect',
  title: 'A client option has no effect',
  phase: 'usage',
  fixedBy: 'client',
  severity: 'info',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/client-options/',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const given = facts.usage('options-given');
    if (!given) return undefined;
    const options = findings(facts, given);
    if (options.length === 0) return undefined;
    return {
      certainty: 'confirmed',
      details: { options },
      evidence: options.map(({ name, reason }) => evidence(CLAIMS[reason](name), given)),
    };
  },
};

type Given = UsageOf<'options-given'>;

function findings({ runtime, client, options: { transports } }: Facts, given: Given): Details['options'] {
  const { names, on, numbers, besideUrl } = given;
  const isPage = runtime.kind === 'browser' || runtime.kind === 'worker';
  const onlyWebSocket = transports.length === 1 && transports[0] === 'websocket';
  const hasWebSocket = transports.includes('websocket') || transports.includes('webtransport');
  const isOld = client.major === 1 || client.major === 2;
  const found: { name: string; reason: NoEffect }[] = [];
  const add = (reason: NoEffect, ...candidates: readonly string[]) => {
    for (const name of candidates) if (names.includes(name)) found.push({ name, reason });
  };

  if (isPage && onlyWebSocket) add('websocket-has-no-headers', 'extraHeaders');
  // engine.io-client 1.8 and 3.5 (lib/socket.js) read them in Node and React Native only.
  else if (isPage && isOld) add('client-too-old', 'extraHeaders');
  if (isPage && onlyWebSocket && on.includes('withCredentials'))
    add('websocket-always-sends-cookies', 'withCredentials');
  if (isPage) add('browser-decides-tls', ...NODE_ONLY);
  if (!hasWebSocket) add('no-websocket', ...['upgrade', 'rememberUpgrade'].filter((name) => on.includes(name)));
  if (onlyWebSocket) add('nothing-to-upgrade', ...['upgrade', 'rememberUpgrade'].filter((name) => on.includes(name)));

  // `opts.reconnectionAttempts || Infinity`, `opts.reconnectionDelay || 1000`: manager.js, 1.x to 4.x.
  const zeros = (['reconnectionAttempts', 'reconnectionDelay', 'reconnectionDelayMax'] as const).filter(
    (name) => numbers[name] === 0,
  );
  add('zero-is-the-default', ...zeros);
  const delayMs = numbers.reconnectionDelay || DEFAULT_DELAY_MS;
  const delayMaxMs = numbers.reconnectionDelayMax || DEFAULT_DELAY_MAX_MS;
  // backo2: `Math.min(ms, this.max)`.
  if (delayMaxMs < delayMs) add('above-the-maximum', 'reconnectionDelay');

  add('url-decides', ...besideUrl);
  if (isOld) add('client-too-old', 'auth');
  if (client.major === 1) add('client-too-old', 'parser');
  if (isBefore46(client)) add('client-too-old', 'ackTimeout', 'retries');
  return found;
}

function isBefore46({ major, version }: ClientFacts): boolean {
  return (major > 0 && major < 4) || ['4.0-4.2', '4.3', '4.4', '4.5'].includes(version);
}

const CLAIMS: Readonly<Record<NoEffect, (name: string) => string>> = {
  'websocket-has-no-headers': (name) =>
    `\`${name}\` was set with \`transports: ['websocket']\`, and browsers do not allow custom headers on a WebSocket.`,
  'websocket-always-sends-cookies': (name) =>
    `\`${name}\` was set with \`transports: ['websocket']\`, and a browser sends the host's cookies with every WebSocket anyway.`,
  'browser-decides-tls': (name) =>
    `\`${name}\` was set in a browser, which manages connections and certificates itself.`,
  'no-websocket': (name) => `\`${name}\` was set, but \`transports\` lists nothing to upgrade to.`,
  'nothing-to-upgrade': (name) => `\`${name}\` was set, but the connection starts with the only transport there is.`,
  'above-the-maximum': (name) => `\`${name}\` was greater than \`reconnectionDelayMax\`, which caps every delay.`,
  'zero-is-the-default': (name) => `\`${name}\` was 0, which the client treats as not set.`,
  'url-decides': (name) => `\`${name}\` was set, but the URL sets it, too, and the URL wins.`,
  'client-too-old': (name) => `\`${name}\` was set on a client that is older than this option.`,
};

const ADVICE: Readonly<Record<NoEffect, (name: string) => string>> = {
  'websocket-has-no-headers': (name) =>
    `Send the values of \`${name}\` in \`auth\` (in \`query\` with clients up to 2.x), or start with \`transports: ['polling', 'websocket']\` and a client 3.x or later.`,
  'websocket-always-sends-cookies': (name) =>
    `Remove \`${name}\`: the WebSocket sends every cookie that the \`SameSite\` attribute allows.`,
  'browser-decides-tls': (name) =>
    `Remove \`${name}\` in browsers; for a certificate of your own, install its certificate authority on the device.`,
  'no-websocket': (name) => `Remove \`${name}\`, or add \`'websocket'\` to \`transports\`.`,
  'nothing-to-upgrade': (name) =>
    `Remove \`${name}\`: there is no upgrade unless the connection starts with HTTP long-polling.`,
  'above-the-maximum': (name) => `Raise \`reconnectionDelayMax\` (5,000 ms by default) above \`${name}\`.`,
  'zero-is-the-default': (name) =>
    name === 'reconnectionAttempts'
      ? 'To disable reconnection, set `reconnection: false`: 0 means no limit.'
      : `Set \`${name}\` to at least 1 ms: 0 means the default.`,
  'url-decides': (name) =>
    name === 'query'
      ? 'Put all keys into the `query` option, and remove the query string from the URL.'
      : `Set \`${name}\` in the URL, and remove the option.`,
  'client-too-old': (name) =>
    `Update socket.io-client, or do without \`${name}\`${name === 'auth' ? ': up to 2.x, credentials go into `query`' : ''}.`,
};

export const text: Text<Details> = {
  summary:
    'The client knows this option, but it has no effect here: the runtime, the transport, another option or the client version overrules it. Code that relies on it waits for something that never happens.',
  remedy: ({ options }) =>
    Array.isArray(options)
      ? options.map(({ name, reason }) => (ADVICE[reason as NoEffect] ?? fallback)(name)).join(' ')
      : 'Remove the option, or change what overrules it: the evidence of the diagnosis names it.',
  see: [
    { title: 'Client options', url: 'https://socket.io/docs/v4/client-options/' },
    { title: 'extraHeaders', url: 'https://socket.io/docs/v4/client-options/#extraheaders' },
  ],
};

const fallback = (name: string) => `Remove \`${name}\`.`;
