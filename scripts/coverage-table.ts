import { rules } from '../src/causes/rules.js';
import { usageRules } from '../src/causes/usage-rules.js';
import type { Phase, Rule } from '../src/diagnosis/rule.js';
import { type BestAnswer, bestAnswers, better } from './best-answers.js';
import { markdownTable } from './markdown-table.js';
import type { Recorded } from './recordings.js';

const SITE = 'https://socket.io';
const PAGE = '/docs/v4/troubleshooting-connection-issues/';

/** The explanations of Socket.IO's troubleshooting page in its order: anchor and heading. */
const explanations: readonly (readonly [string, string])[] = [
  ['#problem-the-socket-is-not-able-to-connect', 'The socket is not able to connect'],
  ['#you-are-trying-to-reach-a-plain-websocket-server', 'A plain WebSocket server'],
  ['#the-server-is-not-reachable', 'The server is not reachable'],
  ['#the-client-is-not-compatible-with-the-version-of-the-server', 'Incompatible versions'],
  ['#the-server-does-not-send-the-necessary-cors-headers', 'Missing CORS headers'],
  ['#you-didnt-enable-sticky-sessions-in-a-multi-server-setup', 'No sticky sessions'],
  ['#the-request-path-does-not-match-on-both-sides', 'Different request paths'],
  ['#problem-the-socket-gets-disconnected', 'The socket gets disconnected'],
  ['#something-between-the-server-and-the-client-closes-the-connection', 'Something in between closes the connection'],
  ['#the-browser-tab-was-minimized-and-heartbeat-has-failed', 'A minimized tab'],
  ['#you-are-trying-to-send-a-huge-payload', 'A huge payload'],
  ['#a-proxy-in-front-of-your-servers-does-not-accept-the-websocket-connection', 'A proxy that rejects WebSocket'],
  ['#express-status-monitor-runs-its-own-socketio-instance', '`express-status-monitor`'],
  ['#duplicate-event-registration', 'Duplicate event registration (`lint`)'],
  ['#delayed-event-handler-registration', 'Delayed handler registration (`lint`)'],
  ['#usage-of-the-socketid-attribute', 'Use of `socket.id` (`lint`)'],
  ['#deployment-on-a-serverless-platform', 'Serverless platforms'],
];

/** Headings for the causes that the troubleshooting page does not explain. */
const beyond: Readonly<Record<Phase, string>> = {
  connect: 'Connecting',
  namespace: 'Joining a namespace',
  upgrade: 'Upgrading to WebSocket',
  session: 'Staying connected',
  usage: 'Using the socket (`lint`)',
};

/** What is not marked is confirmed in at least one runtime. */
const marks: Readonly<Record<BestAnswer, string>> = { confirmed: '', class: ' ◐', suspected: ' ○' };

/** Which causes stand for each explanation of the troubleshooting page, then those beyond it; one row each. */
export function coverageTable(recordings: readonly Recorded[]): string {
  const best = bestAnswers(recordings);
  const all: readonly Rule[] = [...rules, ...usageRules()];
  const codes = (of: (rule: Rule) => boolean) =>
    all
      .filter(of)
      .map(({ code }) => `[\`${code}\`](CAUSES.md#${code})${marks[bestOf(best.get(code))]}`)
      .join(', ');
  const isExplained = ({ docs }: Rule) => explanations.some(([anchor]) => docs === PAGE + anchor);
  const explained = explanations.map(([anchor, title]) => [
    `[${title}](${SITE}${PAGE}${anchor})`,
    codes(({ docs }) => docs === PAGE + anchor),
  ]);
  const others = (Object.keys(beyond) as Phase[]).flatMap((phase) => {
    const found = codes((rule) => rule.phase === phase && !isExplained(rule));
    return found === '' ? [] : [[beyond[phase], found]];
  });
  return [
    markdownTable(['On Socket.IO’s troubleshooting page', 'Causes told apart'], explained),
    markdownTable(['Beyond that page', 'Causes told apart'], others),
  ].join('\n\n');
}

function bestOf(byRuntime: ReadonlyMap<string, BestAnswer> | undefined): BestAnswer {
  return [...(byRuntime?.values() ?? [])].reduce<BestAnswer>((best, answer) => better(best, answer), 'suspected');
}
