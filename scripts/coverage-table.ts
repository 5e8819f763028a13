import { rules } from '../src/causes/rules.js';
import { rule as unclassified } from '../src/causes/unclassified.js';
import { usageRules } from '../src/causes/usage-rules.js';
import { diagnose } from '../src/diagnosis/diagnose.js';
import { createFacts } from '../src/diagnosis/facts.js';
import type { Rule } from '../src/diagnosis/rule.js';
import type { Recorded } from './recordings.js';

const SITE = 'https://socket.io';
const PAGE = '/docs/v4/troubleshooting-connection-issues/';

/** The explanations of Socket.IO's troubleshooting page in its order: anchor and heading. */
const explanations: readonly (readonly [string, string])[] = [
  ['#problem-the-socket-is-not-able-to-connect', 'The socket is not able to connect'],
  ['#you-are-trying-to-reach-a-plain-websocket-server', 'A plain WebSocket server'],
  ['#the-server-is-not-reachable', 'The server is not reachable'],
  ['#the-client-is-not-compatible-with-the-version-of-the-server', 'Incompatible versions'],
  ['#the-server-does-not-send-the-necessary-cors-headers', 'No CORS headers'],
  ['#you-didnt-enable-sticky-sessions-in-a-multi-server-setup', 'No sticky sessions'],
  ['#the-request-path-does-not-match-on-both-sides', 'The request path differs'],
  ['#problem-the-socket-gets-disconnected', 'The socket gets disconnected'],
  ['#something-between-the-server-and-the-client-closes-the-connection', 'Something in between closes the connection'],
  ['#the-browser-tab-was-minimized-and-heartbeat-has-failed', 'The tab was minimised'],
  ['#you-are-trying-to-send-a-huge-payload', 'A huge payload'],
  ['#a-proxy-in-front-of-your-servers-does-not-accept-the-websocket-connection', 'A proxy does not accept WebSocket'],
  ['#express-status-monitor-runs-its-own-socketio-instance', 'express-status-monitor'],
  ['#duplicate-event-registration', 'Duplicate event registration (`lint`)'],
  ['#delayed-event-handler-registration', 'Delayed handler registration (`lint`)'],
  ['#usage-of-the-socketid-attribute', 'Use of `socket.id` (`lint`)'],
  ['#deployment-on-a-serverless-platform', 'Serverless platforms'],
];

/** Runtimes of the recordings, and what they are called here. */
const runtimes: readonly (readonly [string, string])[] = [
  ['node', 'Node'],
  ['chromium', 'Chromium'],
  ['firefox', 'Firefox'],
  ['webkit', 'WebKit'],
  ['react-native', 'React Native'],
];

/** From the least to the most that can be known. */
const ANSWERS = ['', 'suspected', 'class', 'confirmed'] as const;

/** What the recordings prove of each cause, by runtime, in the order of the explanations. */
export function coverageTable(recordings: readonly Recorded[]): string {
  const best = bestAnswers(recordings);
  const cells = (code: string) => runtimes.map(([runtime]) => ANSWERS[best.get(`${code} ${runtime}`) ?? 0] ?? '');
  const all: readonly Rule[] = [...rules, ...usageRules()];
  const named = explanations.map(([anchor, title]) => ({
    title: `[${title}](${SITE}${PAGE}${anchor})`,
    codes: all.filter(({ docs }) => docs === PAGE + anchor),
  }));
  const others = all.filter(({ docs }) => !explanations.some(([anchor]) => docs === PAGE + anchor));
  const rows = [...named, { title: 'Beyond that page', codes: others }].flatMap(({ title, codes }) =>
    alike(codes, cells).map(({ group, answers }, index) =>
      row([index === 0 ? title : '', group.map(({ code }) => link(code)).join(', '), ...answers]),
    ),
  );
  const heads = ['Explanation', 'Codes', ...runtimes.map(([, name]) => name)];
  return [row(heads), row(heads.map(() => '---')), ...rows].join('\n');
}

/** Causes with the same answers everywhere share a row. */
function alike(codes: readonly Rule[], cells: (code: string) => readonly string[]) {
  const groups = new Map<string, { readonly group: Rule[]; readonly answers: readonly string[] }>();
  for (const rule of codes) {
    const answers = cells(rule.code);
    const key = answers.join();
    const found = groups.get(key);
    if (found) found.group.push(rule);
    else groups.set(key, { group: [rule], answers });
  }
  return [...groups.values()];
}

function bestAnswers(recordings: readonly Recorded[]): Map<string, number> {
  const best = new Map<string, number>();
  for (const { code, runtime, timeline } of recordings) {
    if (code === null) continue;
    const key = `${code} ${runtime}`;
    best.set(key, Math.max(best.get(key) ?? 0, answerFor(code, timeline)));
  }
  return best;
}

function answerFor(code: string, timeline: Recorded['timeline']): number {
  const catalogue = timeline.about?.phase === 'usage' ? usageRules() : rules;
  const told = diagnose(createFacts(timeline), catalogue, unclassified);
  if (told?.code !== code || told.certainty !== 'confirmed') return ANSWERS.indexOf('suspected');
  return ANSWERS.indexOf(told.alternatives.length > 0 ? 'class' : 'confirmed');
}

const link = (code: string) => `[\`${code}\`](CAUSES.md#${code})`;
const row = (columns: readonly string[]) => `| ${columns.join(' | ')} |`;
