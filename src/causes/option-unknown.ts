import { editDistance } from '../diagnosis/edit-distance.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  readonly options: readonly UnknownOption[];
}

interface UnknownOption {
  readonly name: string;
  /** The option that was probably meant. */
  readonly meant?: string;
  /** It is a server option. */
  readonly ofServer?: true;
}

/**
 * Every name that lib/ and build/ of socket.io-client 1.7, 2.5, 3.1, 4.0, 4.5 and 4.8 and of their engine.io-client read from the options,
 * and what they pass on to `ws`.
 */
const KNOWN: readonly string[] = [
  'ackTimeout',
  'addTrailingSlash',
  'agent',
  'auth',
  'autoConnect',
  'autoUnref',
  'ca',
  'cert',
  'checkServerIdentity',
  'ciphers',
  'closeOnBeforeunload',
  'enablesXDR',
  'extraHeaders',
  'family',
  'force new connection',
  'forceBase64',
  'forceJSONP',
  'forceNew',
  'forceNode',
  'host',
  'hostname',
  'jsonp',
  'key',
  'localAddress',
  'maxPayload',
  'multiplex',
  'onlyBinaryUpgrades',
  'origin',
  'parser',
  'passphrase',
  'path',
  'perMessageDeflate',
  'pfx',
  'policyPort',
  'port',
  'protocolVersion',
  'protocols',
  'query',
  'randomizationFactor',
  'reconnection',
  'reconnectionAttempts',
  'reconnectionDelay',
  'reconnectionDelayMax',
  'rejectUnauthorized',
  'rememberUpgrade',
  'requestTimeout',
  'retries',
  'secure',
  'timeout',
  'timestampParam',
  'timestampRequests',
  'transportOptions',
  'transports',
  'tryAllTransports',
  'upgrade',
  'useNativeTimers',
  'withCredentials',
];

/** Names that are not misspellings: those of client 0.9, those of other libraries, and other words for what an option does. */
const MEANT: Readonly<Record<string, string>> = {
  'connect timeout': 'timeout',
  connectTimeout: 'timeout',
  connectionTimeout: 'timeout',
  credentials: 'withCredentials',
  customHeaders: 'extraHeaders',
  headers: 'extraHeaders',
  maxReconnectionAttempts: 'reconnectionAttempts',
  'max reconnection attempts': 'reconnectionAttempts',
  maxRetries: 'reconnectionAttempts',
  namespace: 'the path of the URL',
  nsp: 'the path of the URL',
  params: 'query',
  protocol: 'protocols',
  queryParams: 'query',
  reconnect: 'reconnection',
  reconnectAttempts: 'reconnectionAttempts',
  reconnectInterval: 'reconnectionDelay',
  'reconnection delay': 'reconnectionDelay',
  'reconnection limit': 'reconnectionDelayMax',
  resource: 'path',
  retryDelay: 'reconnectionDelay',
  token: 'auth',
  'try multiple transports': 'tryAllTransports',
};

/** Options of the server 1.x to 4.x that its clients do not have. */
const OF_SERVER: readonly string[] = [
  'adapter',
  'allowEIO3',
  'allowRequest',
  'allowUpgrades',
  'cleanupEmptyChildNamespaces',
  'connectionStateRecovery',
  'cookie',
  'cors',
  'destroyUpgrade',
  'destroyUpgradeTimeout',
  'httpCompression',
  'maxHttpBufferSize',
  'origins',
  'pingInterval',
  'pingTimeout',
  'serveClient',
  'upgradeTimeout',
  'wsEngine',
];

export const rule: Rule<'option-unknown', Details> = {
  code: 'option-unknown',
  title: 'The client does not recognize an option',
  phase: 'usage',
  fixedBy: 'client',
  severity: 'warning',
  frequency: 'common',
  since: '0.1.0',
  docs: '/docs/v4/client-options/',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const given = facts.usage('options-given');
    const unknown = given?.names.filter((name) => !KNOWN.includes(name)) ?? [];
    if (!given || unknown.length === 0) return undefined;
    const options = unknown.map(describe);
    return {
      // An unfamiliar name may be the app's own, read elsewhere in it, or an option of a client that is newer than this list.
      certainty: options.some(({ meant, ofServer }) => meant !== undefined || ofServer) ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { options },
      evidence: [evidence(`No client from 1.x to 4.x reads the option ${unknown.join(', ')}.`, given)],
    };
  },
};

function describe(name: string): UnknownOption {
  if (OF_SERVER.includes(name)) return { name, ofServer: true };
  const meant = Object.keys(MEANT).includes(name) ? MEANT[name] : nearest(name);
  return { name, ...(meant !== undefined && { meant }) };
}

/** Two letters of a long name, one of a short one; capitals, hyphens and underscores do not count. */
function nearest(name: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[ _-]/g, '');
  const word = plain(name);
  const mostLetters = word.length > 6 ? 2 : word.length > 3 ? 1 : 0;
  const distances = KNOWN.map((known) => ({ known, letters: editDistance(word, plain(known)) }));
  return distances.sort((a, b) => a.letters - b.letters).find(({ letters }) => letters <= mostLetters)?.known;
}

export const text: Text<Details> = {
  summary:
    'No version of the client reads this option. The client does not complain about it: the option simply has no effect.',
  remedy: ({ options }) =>
    Array.isArray(options)
      ? options.map(advice).join(' ')
      : 'Compare the name with the list of client options: names are case-sensitive, and server options must be set on the server.',
  snippet: () =>
    "const socket = io('https://api.example.com', {\n  reconnectionAttempts: 5,\n  withCredentials: true,\n});",
  see: [{ title: 'Client options', url: 'https://socket.io/docs/v4/client-options/' }],
};

function advice({ name, meant, ofServer }: UnknownOption): string {
  if (ofServer) return `\`${name}\` is a server option: set it in \`new Server(httpServer, { … })\`.`;
  if (meant?.includes(' ') && meant !== 'force new connection') return `Use ${meant} instead of \`${name}\`.`;
  return meant === undefined
    ? `Remove \`${name}\`, or keep it out of the options passed to \`io()\`.`
    : `Write \`${meant}\` instead of \`${name}\`.`;
}
