import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** The transport that cannot be used; absent where none of those that were asked for can. */
  readonly transport?: string;
  /** What it needs and this runtime does not have, where that is known. */
  readonly missing?: string;
  /** The part of the app's options that the runtime refused to send. */
  readonly refused?: 'header' | 'option';
}

/** What Node says, before it dials, of a header that it does not write: no value, a line break, a name that is none (lib/_http_outgoing.js). */
const HEADER_CODES = ['ERR_HTTP_INVALID_HEADER_VALUE', 'ERR_INVALID_CHAR', 'ERR_INVALID_HTTP_TOKEN'];
/**
 * What it says of an agent for the other scheme and of an option of another type (lib/_http_client.js), and OpenSSL of keys, certificates and
 * ciphers that it cannot read (tls.createSecureContext).
 */
const OPTION_CODE = /^ERR_(INVALID_(PROTOCOL|ARG_TYPE|ARG_VALUE)|SSL_NO_CIPHER_MATCH|OSSL_\w+)$/;

export const rule: Rule<'transport-not-available', Details> = {
  code: 'transport-not-available',
  title: 'The client has no usable transport in this runtime',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'rare',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/client-options/#transports',
  needs: [],
  yieldsTo: ['url-malformed', 'mixed-content-blocked', 'csp-blocked'],
  match(facts) {
    const { upgrading } = facts;
    if (upgrading?.kind === 'upgrade-failed' && upgrading.missing !== undefined) {
      const { transport, missing } = upgrading;
      return {
        certainty: 'confirmed',
        details: { transport, missing },
        evidence: [
          evidence(`The upgrade to ${transport} needs ${missing}, which this runtime does not have.`, upgrading),
        ],
      };
    }
    if (upgrading?.kind === 'upgrade-failed' && upgrading.how === 'threw') {
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: { transport: upgrading.transport },
        evidence: [
          evidence('The client could not even begin the upgrade: the constructor of its transport threw.', upgrading),
        ],
      };
    }
    const failure = facts.connecting;
    if (!failure || failure.handshake) return undefined;
    const unopened = facts.all('transport-unopened').filter(({ attempt }) => attempt === failure.signal.attempt)[0];
    if (failure.error.message === 'No transports available') {
      return {
        certainty: 'confirmed',
        details: {},
        evidence: [evidence('The client has no transport to try.', failure.signal)],
      };
    }
    if (unopened?.missing !== undefined && unopened.transport === failure.transport) {
      const { transport, missing } = unopened;
      return {
        certainty: 'confirmed',
        details: { transport, missing },
        evidence: [
          evidence(`The transport ${transport} needs ${missing}, which this runtime does not have.`, unopened),
        ],
      };
    }
    const { code } = failure.error;
    const refused = HEADER_CODES.includes(code ?? '') ? 'header' : OPTION_CODE.test(code ?? '') && 'option';
    if (refused) {
      return {
        certainty: 'confirmed',
        details: { transport: failure.transport, refused },
        evidence: [evidence(`Node refused to send the request: ${code}.`, failure.signal)],
      };
    }
    const isMixed = facts.runtime.pageScheme === 'https:' && !facts.target.secure;
    const isBlocked = facts.all('csp-violation').length > 0;
    if (failure.error.notSent || (unopened && failure.timedOut && !isMixed && !isBlocked)) {
      return {
        certainty: 'suspected',
        likelihood: 'likely',
        details: { transport: failure.transport },
        evidence: [evidence('The client could not even begin: its own code threw.', unopened ?? failure.signal)],
      };
    }
    return undefined;
  },
};

export const text: Text<Details> = {
  summary:
    'The client was told to use a transport that cannot work where it runs, so no request ever leaves. The list of `transports` is empty, a bundler took the build for Node into a page or the build for browsers into Node, a test environment or a service worker lacks what the transport needs, or a class such as `WebSocket` was given in a Node version that has no WebSocket of its own; or its options hold what a WebSocket refuses to take, such as a header with a line break or without a value, or a subprotocol with a space. The client may say nothing at all until its time limit.',
  remedy: ({ transport, missing, refused }) =>
    refused === 'option'
      ? 'Look at the options that the client hands to Node: `agent` must be an `https.Agent` for a URL with `https://` and an `http.Agent` for `http://`, and `ca`, `cert`, `key` and `pfx` texts or Buffers with what their names say, `key` the one that belongs to `cert`.'
      : refused
        ? 'Look at the headers that the app gives (`extraHeaders`): Node sends none whose value is `undefined` or holds a line break, nor one with a space in its name. Add the header only once there is a value, or send credentials with the option `auth`, which needs no header.'
        : transport === undefined
          ? 'Give at least one transport that exists: leave `transports` at its default, or name `polling`, `websocket` or both. With a bundler, check that it takes the build of socket.io-client for the platform where the code runs.'
          : `${missing === undefined ? `What "${transport}" needs cannot be used here` : `"${transport}" needs \`${missing}\`, which is not there`}. ${missing === undefined ? 'If headers are given (`extraHeaders`), look at their values: none may be `undefined` or hold a line break. ' : ''}Take another transport, or the class that is made for this runtime (\`NodeWebSocket\`, \`NodeXHR\` or \`Fetch\` in Node; \`Fetch\` or \`WebSocket\` in a service worker). With a bundler, check that it takes the build of socket.io-client for the platform where the code runs. In Jest, \`@jest-environment node\` does that.`,
  snippet: ({ refused }) =>
    refused === 'option'
      ? "io('https://api.example.com', { agent: new https.Agent({ keepAlive: true }) });"
      : refused
        ? 'io(url, { auth: { token } }); // instead of extraHeaders'
        : "import { io, Fetch, NodeWebSocket } from 'socket.io-client';\nio(url, { transports: [Fetch, NodeWebSocket] }); // in Node",
  see: [{ title: 'Client option transports', url: 'https://socket.io/docs/v4/client-options/#transports' }],
};
