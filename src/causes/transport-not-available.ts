import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** The transport that cannot be used; absent if none of those requested can. */
  readonly transport?: string;
  /** What it needs but this runtime does not have, if known. */
  readonly missing?: string;
  /** The part of the app's options that the runtime refused to send. */
  readonly refused?: 'header' | 'option';
}

/**
 * What Node reports, before it dials, for a header that it does not send: no value, a line break, an invalid name (lib/_http_outgoing.js).
 */
const HEADER_CODES = ['ERR_HTTP_INVALID_HEADER_VALUE', 'ERR_INVALID_CHAR', 'ERR_INVALID_HTTP_TOKEN'];
/**
 * What it reports for an agent for the other scheme and an option of the wrong type (lib/_http_client.js), and OpenSSL for keys,
 * certificates and ciphers that it cannot read (tls.createSecureContext).
 */
const OPTION_CODE = /^ERR_(INVALID_(PROTOCOL|ARG_TYPE|ARG_VALUE)|SSL_NO_CIPHER_MATCH|OSSL_\w+)$/;

export const rule: Rule<'transport-not-available', Details> = {
  code: 'transport-not-available',
  title: 'A transport cannot be used in this runtime',
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
          evidence("The client could not even start the upgrade: its transport's constructor threw.", upgrading),
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
        evidence: [evidence('The client could not even start: its own code threw.', unopened ?? failure.signal)],
      };
    }
    return undefined;
  },
};

export const text: Text<Details> = {
  summary:
    'The client is configured to use a transport that cannot work in this runtime, so the request is never sent. Possible reasons: the list of `transports` is empty; a bundler put the build for Node into a page, or the build for browsers into Node; a test environment or a service worker lacks what the transport needs; a class such as `WebSocket` was passed in a Node version that has no WebSocket of its own; or the options contain something that the runtime does not accept, such as a header with a line break or without a value, or a subprotocol with a space. The client may report nothing at all until its timeout.',
  remedy: ({ transport, missing, refused }) =>
    refused === 'option'
      ? 'Check the options that the client passes to Node: `agent` must be an `https.Agent` for an `https://` URL and an `http.Agent` for an `http://` URL; `ca`, `cert`, `key` and `pfx` must be strings or Buffers with the right contents, and `key` must belong to `cert`.'
      : refused
        ? 'Check the headers that the app sets (`extraHeaders`): Node does not send a header whose value is `undefined` or contains a line break, or whose name contains a space. Add the header only once it has a value, or send credentials with the `auth` option, which needs no header.'
        : transport === undefined
          ? 'Specify at least one transport that exists: leave `transports` at its default, or list `polling`, `websocket` or both. If you use a bundler, check that it picks the build of socket.io-client for the platform where the code runs.'
          : `${missing === undefined ? `What "${transport}" needs cannot be used here` : `"${transport}" needs \`${missing}\`, which does not exist here`}. ${missing === undefined ? 'If you set headers (`extraHeaders`), check their values: none may be `undefined` or contain a line break. ' : ''}Use another transport, or the class made for this runtime (\`NodeWebSocket\`, \`NodeXHR\` or \`Fetch\` in Node; \`Fetch\` or \`WebSocket\` in a service worker). If you use a bundler, check that it picks the build of socket.io-client for the platform where the code runs. In Jest, \`@jest-environment node\` does that.`,
  snippet: ({ refused }) =>
    refused === 'option'
      ? "io('https://api.example.com', { agent: new https.Agent({ keepAlive: true }) });"
      : refused
        ? 'io(url, { auth: { token } }); // instead of extraHeaders'
        : "import { io, Fetch, NodeWebSocket } from 'socket.io-client';\nio(url, { transports: [Fetch, NodeWebSocket] }); // in Node",
  see: [{ title: 'Client option transports', url: 'https://socket.io/docs/v4/client-options/#transports' }],
};
