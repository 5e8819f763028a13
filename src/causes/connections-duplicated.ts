import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Connections to the same address with the same options that were open at the same time. */
  readonly connections: number;
  /** All of them asked for a connection of their own (`forceNew` or `multiplex: false`). */
  readonly forced: boolean;
}

export const rule: Rule<'connections-duplicated', Details> = {
  code: 'connections-duplicated',
  title: 'The page opens several identical connections to one server',
  phase: 'usage',
  fixedBy: 'client',
  severity: 'warning',
  frequency: 'common',
  since: '0.1.0',
  docs: '/how-to/use-with-react',
  needs: [],
  yieldsTo: [],
  match(facts) {
    const counted = facts.usage('connections-counted');
    if (!counted) return undefined;
    const { connections, forced, fromSamePlace, opaque } = counted;
    const isSamePlace = fromSamePlace !== undefined && fromSamePlace > 1;
    // Code that sets `forceNew` wants several connections, and code that calls `io()` in two places may have a reason, too.
    const isForced = forced >= connections - 1;
    return {
      certainty: !isForced && !opaque && (isSamePlace || connections > 2) ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { connections, forced: isForced },
      evidence: [
        evidence(
          `Several connections with the same address, namespace and options were open at the same time: ${connections}.`,
          counted,
        ),
        ...(isSamePlace ? [evidence('Several of them were created at the same place in the code.', counted)] : []),
        ...(isForced ? [evidence('Each was created with `forceNew` or `multiplex: false`.', counted)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The page holds several identical connections to the same server: `io()` is called again for the same namespace, which creates another connection each time. This happens when `io()` is called in a component that renders again or is mounted several times, in an effect without a cleanup function, or with `forceNew`. Every message arrives several times, and the server counts one user as many.',
  remedy: () =>
    'Call `io()` once, in a module of its own, and import the socket where it is needed. If a component must own its socket, call `socket.disconnect()` in the cleanup function of its effect and, for hot reloading, in `import.meta.hot.dispose`. Remove `forceNew` and `multiplex: false` unless you really want separate connections.',
  snippet: () =>
    "// socket.js\nexport const socket = io('https://api.example.com');\n// in a component\nuseEffect(() => {\n  socket.on('message', onMessage);\n  return () => socket.off('message', onMessage);\n}, []);",
  see: [
    { title: 'How to use with React', url: 'https://socket.io/how-to/use-with-react' },
    { title: 'forceNew', url: 'https://socket.io/docs/v4/client-options/#forcenew' },
  ],
};
