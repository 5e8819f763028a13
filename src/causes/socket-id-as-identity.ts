import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Messages so far that contained the id. */
  readonly messages: number;
  /** It was the id of an earlier connection, which no longer identifies anyone. */
  readonly outdated: boolean;
}

export const rule: Rule<'socket-id-as-identity', Details> = {
  code: 'socket-id-as-identity',
  title: 'The socket id is sent in messages',
  phase: 'usage',
  fixedBy: 'client',
  severity: 'warning',
  frequency: 'occasional',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/#usage-of-the-socketid-attribute',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const sent = facts.usage('socket-id-sent');
    if (!sent) return undefined;
    const { messages, outdated } = sent;
    return {
      // Code that addresses a live peer (WebRTC signaling) or writes a log also sends the id, and rightly so.
      certainty: outdated ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { messages, outdated },
      evidence: [
        outdated
          ? evidence('After a reconnection, a message contained the id of an earlier connection.', sent)
          : evidence('A message contained the value of `socket.id`.', sent),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'A message of the app contains `socket.id`. That id belongs to one connection: it changes with every reconnection, and two tabs of the same user have two. Whatever is stored under it (a user, a shopping cart, a player in a game) is lost or orphaned after the next network interruption.',
  remedy: () =>
    'Give each user or session an id of your own, keep it in `localStorage` or in the login session, send it in `auth`, and let the server join the socket to a room of that name. If the id only addresses a connection that exists right now, leave that to the server: it knows the `socket.id` of every sender.',
  snippet: () =>
    "const socket = io({ auth: { sessionId: localStorage.getItem('sessionId') } });\n// on the server\nio.on('connection', (socket) => socket.join('session:' + socket.handshake.auth.sessionId));",
  see: [
    {
      title: 'Usage of the socket.id attribute',
      url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/#usage-of-the-socketid-attribute',
    },
    { title: 'socket.id', url: 'https://socket.io/docs/v4/client-socket-instance/#socketid' },
  ],
};
