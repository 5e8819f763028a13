import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Which side has a custom parser, as far as that shows. */
  readonly customParser: 'client' | 'server' | 'unknown';
}

/** A server closes the connection the moment something arrives that it cannot read. */
const AT_ONCE_MS = 1_000;

export const rule: Rule<'parser-mismatch', Details> = {
  code: 'parser-mismatch',
  title: 'The client and server use different parsers',
  phase: 'namespace',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'rare',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/custom-parser/',
  needs: ['namespace-connect'],
  yieldsTo: ['network-offline', 'response-cached'],
  match({ unanswered, options, probe: answerTo }) {
    if (!unanswered || unanswered.sent === 'no') return undefined;
    const { signal, sent, ended, waitedMs } = unanswered;
    if (ended === 'other') return undefined;
    const probe = answerTo('namespace-connect');
    const { unused, own } = probe?.connects ?? {};
    const seen = evidence(
      ended === 'parse error'
        ? "The client could not parse the server's first packet."
        : ended === 'orderly'
          ? 'The server closed the session instead of answering the CONNECT packet.'
          : 'The server did not answer the CONNECT packet.',
      signal,
    );
    const isRead = unused === 'refused' || unused === 'connected';
    if (probe && sent === 'foreign' && isRead) {
      return {
        certainty: 'confirmed',
        details: { customParser: 'client' },
        evidence: [
          seen,
          evidence('The server answered a CONNECT packet of the default parser, which the client does not use.', probe),
        ],
      };
    }
    const isForeign = unused === 'foreign' || own === 'foreign';
    if (probe && sent !== 'foreign' && (isForeign || unused === 'closed')) {
      // A session that sends nothing lives longer than one that has sent its CONNECT packet: it is the packet that ends it.
      const isPacket = ended === 'orderly' && waitedMs < (probe.connects?.quietMs ?? 0);
      return {
        certainty: isForeign || isPacket ? 'confirmed' : 'suspected',
        // An Engine.IO server without Socket.IO may close on unknown packets as well.
        ...(!isForeign && { asClass: true as const }),
        likelihood: 'likely',
        details: { customParser: 'server' },
        evidence: [
          seen,
          evidence(
            isForeign
              ? "It answered a CONNECT packet of the default parser in another parser's format."
              : 'It also closed a session of the SDK as soon as that sent a CONNECT packet of the default parser.',
            probe,
          ),
        ],
      };
    }
    // The server reads what the client writes.
    if (isRead && sent === 'default' && ended !== 'parse error') return undefined;
    const isLikely = ended === 'parse error' || (ended === 'orderly' && waitedMs < AT_ONCE_MS) || sent === 'foreign';
    return {
      certainty: 'suspected',
      likelihood: isLikely ? 'likely' : 'possible',
      details: { customParser: options.customParser ? 'client' : 'unknown' },
      evidence: [seen],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The connection opens, but one side writes Socket.IO packets in a format that the other side does not read: a custom parser such as `socket.io-msgpack-parser` is set on one side only. The side that cannot read a packet closes the connection, and the client retries forever.',
  remedy: ({ customParser }) =>
    customParser === 'client'
      ? 'The client has a `parser` that the server does not have. Set the same one on the server, or remove it from the client options (and do not load the `socket.io.msgpack.min.js` bundle).'
      : customParser === 'server'
        ? 'The server has a `parser` that this client does not have. Set the same one, in the same major version, on the client, or remove it from the server options.'
        : 'Set the same `parser`, in the same major version, in the options of the server and of every client, or in none of them.',
  snippet: () =>
    "import * as parser from 'socket.io-msgpack-parser';\nconst io = new Server(httpServer, { parser }); // server\nconst socket = io(url, { parser }); // client",
  see: [
    { title: 'Custom parser', url: 'https://socket.io/docs/v4/custom-parser/' },
    { title: 'Client option parser', url: 'https://socket.io/docs/v4/client-options/#parser' },
  ],
};
