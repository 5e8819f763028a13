import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Connections to the same address with the same options that were open side by side. */
  readonly connections: number;
  /** All of them asked for a connection of their own (`forceNew` or `multiplex: false`). */
  readonly forced: boolean;
}

export const rule: Rule<'connections-duplicated', Details> = {
  code: 'connections-duplicated',
  title: 'The page has several equal connections to one server',
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
    // Who writes `forceNew` wants several connections, and who calls `io()` in two places of the code may have a reason, too.
    const isForced = forced >= connections - 1;
    return {
      certainty: !isForced && !opaque && (isSamePlace || connections > 2) ? 'confirmed' : 'suspected',
      likelihood: 'likely',
      details: { connections, forced: isForced },
      evidence: [
        evidence(
          `Several connections to the same address, with the same namespace and the same options, were open side by side: ${connections}.`,
          counted,
        ),
        ...(isSamePlace ? [evidence('Several of them were made at the same place of the code.', counted)] : []),
        ...(isForced ? [evidence('Each was made with `forceNew` or `multiplex: false`.', counted)] : []),
      ],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'The page holds several connections to the same server that differ in nothing: `io()` is called again for the same namespace, which makes another connection each time. It happens when `io()` stands in a component that renders again or is mounted several times, in an effect without a clean-up, or when `forceNew` is set. Every message arrives several times, and the server counts one user as many.',
  remedy: () =>
    'Call `io()` once, in a module of its own, and import the socket where it is needed. Where a component must own its socket, call `socket.disconnect()` in the clean-up function of its effect, and for hot reloading in `import.meta.hot.dispose`. Remove `forceNew` and `multiplex: false` unless separate connections are what you want.',
  snippet: () =>
    "// socket.js\nexport const socket = io('https://api.example.com');\n// in a component\nuseEffect(() => {\n  socket.on('message', onMessage);\n  return () => socket.off('message', onMessage);\n}, []);",
  see: [
    { title: 'How to use with React', url: 'https://socket.io/how-to/use-with-react' },
    { title: 'forceNew', url: 'https://socket.io/docs/v4/client-options/#forcenew' },
  ],
};
