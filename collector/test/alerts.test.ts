import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type AlertMessage, alertMessage } from '../src/alerts/alert-message.js';
import { type AlertRule, checkAlertRules, readAlertRules } from '../src/alerts/alert-rule.js';
import { createAlerts } from '../src/alerts/create-alerts.js';
import { encodeAlert } from '../src/alerts/encode-alert.js';
import { sendWebhook } from '../src/alerts/send-webhook.js';
import { parseEnvelope } from '../src/ingest/parse-envelope.js';
import { parseCommandLine } from '../src/parse-command-line.js';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.js';
import { ago, sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { post, startedCollector, temporaryFolder } from './started-collector.js';

const MINUTE_MS = 60_000;
/** A busy machine answers late: only a webhook that is to be too slow is given little time. */
const PATIENCE_MS = 30_000;
const LITTLE_PATIENCE_MS = 600;
const SECRET = 'a-secret-of-the-webhook';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly message: AlertMessage;
}

/** A webhook that answers what the test says: a status, or whatever a function makes of the response. */
async function startWebhook() {
  const received: Received[] = [];
  let answer: number | ((response: ServerResponse) => void) = 200;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers, body, message: JSON.parse(body) });
    if (typeof answer === 'number') response.writeHead(answer).end('what it says is never read');
    else answer(response);
  });
  const listen = (port: number) => once(server.listen(port, '127.0.0.1'), 'listening');
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${port}/hook/secret-path`,
    received: received as readonly Received[],
    texts: () => received.map(({ message }) => message.text),
    answerWith(next: typeof answer) {
      answer = next;
    },
    stop,
    start: () => listen(port),
  };
}

type Webhook = Awaited<ReturnType<typeof startWebhook>>;

/** A collector's alerts over a real store and a real webhook; time passes when the test says so. */
function startWorld(
  webhook: Webhook,
  rules: readonly AlertRule[],
  { timeoutMs = PATIENCE_MS, leaseMs = PATIENCE_MS, data = temporaryFolder() } = {},
) {
  const logged: string[] = [];
  const outcomes: string[] = [];
  let offsetMs = 0;
  const now = () => Date.now() + offsetMs;
  const open = () => {
    const store = openSqliteStore(data);
    const alerts = createAlerts({
      store,
      rules: checkAlertRules(rules),
      publicUrl: 'https://diagnostics.example/ops/',
      format: 'json',
      now,
      send: (message) =>
        sendWebhook(
          { url: webhook.url, secret: SECRET },
          { ...message, signal: new AbortController().signal, timeoutMs },
        ),
      logger: { info: (line) => logged.push(line), error: (line) => logged.push(line) },
      onOutcome: (outcome) => outcomes.push(outcome),
      leaseMs,
    });
    return { store, alerts };
  };
  let running = open();
  onTestFinished(() => running.store.close());
  return {
    logged,
    outcomes,
    check: () => running.alerts.check(),
    setClock(minutes: number) {
      offsetMs = minutes * MINUTE_MS;
    },
    async pass(minutes: number, stepMinutes = 1) {
      for (let passed = 0; passed < minutes; passed += stepMinutes) {
        offsetMs += stepMinutes * MINUTE_MS;
        await running.alerts.check();
      }
    },
    /** The process ends without any notice, and another one opens its data. */
    async restart() {
      await running.alerts.stop();
      await running.store.close();
      running = open();
    },
    end: () => running.alerts.stop(),
    /** Stores sessions of which `affected` have an incident that opens now. */
    async receive(
      affected: number,
      healthy = 0,
      envelope: object = {},
      code = 'cors-origin-not-allowed',
      more: object = {},
    ) {
      const at = () => new Date(now()).toISOString();
      const bodies = Array.from({ length: affected + healthy }, (_, index) => {
        const diagnosis = { ...sampleIncident().diagnosis, code, ...more };
        const incident = { ...sampleIncident({ openedAt: at(), updatedAt: at() }), diagnosis };
        const session = sampleSession({ startedAt: at(), updatedAt: at() });
        return {
          ...sampleEnvelope(),
          sentAt: at(),
          ...envelope,
          records: index < affected ? [incident, session] : [session],
        };
      });
      await running.store.write(bodies.map((body) => parseEnvelope(JSON.stringify(body), now()).batch));
    },
  };
}

const many: AlertRule = { name: 'many', sessions: 5, windowMinutes: 30 };

describe('a threshold', () => {
  it('is told once when it is passed and once when it has not been for a window', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many]);
    await world.receive(4);
    await world.pass(2);
    expect(webhook.received).toEqual([]);
    await world.receive(1);
    await world.pass(20);
    expect(webhook.received.map(({ message }) => message)).toEqual([
      {
        id: expect.any(String),
        status: 'firing',
        rule: 'many',
        code: 'cors-origin-not-allowed',
        title: 'The server does not allow this origin (CORS)',
        sessions: 5,
        windowMinutes: 30,
        since: expect.any(String),
        at: expect.any(String),
        url: 'https://diagnostics.example/ops/causes/cors-origin-not-allowed?period=1h',
        text:
          'The server does not allow this origin (CORS) (cors-origin-not-allowed) affects 5 sessions within 30 minutes ' +
          '(rule "many"). https://diagnostics.example/ops/causes/cors-origin-not-allowed?period=1h',
      },
    ]);
    // Until all incidents are older than the window, and then a window more.
    await world.pass(30);
    expect(webhook.received.length).toBe(1);
    await world.pass(30);
    expect(webhook.received.map(({ message }) => message.status)).toEqual(['firing', 'resolved']);
    expect(webhook.texts()[1]).toMatch(
      /^Resolved: The server does not .* It has been below the threshold of "many" for 30 minutes\. /,
    );
    await world.pass(60);
    expect(webhook.received.length).toBe(2);
  });

  it('does not flap where the number goes around the limit', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many]);
    for (let wave = 0; wave < 6; wave += 1) {
      await world.receive(5);
      await world.pass(45);
    }
    expect(webhook.received.map(({ message }) => message.status)).toEqual(['firing']);
  });

  it('does not count what came while the clock was ahead, once it is right again', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many, { ...many, name: 'long', windowMinutes: 300 }]);
    world.setClock(70 * 365 * 24 * 60);
    await world.receive(9);
    world.setClock(0);
    await world.pass(2);
    expect(webhook.received).toEqual([]);
    await world.receive(5);
    await world.pass(1);
    expect(webhook.received.map(({ message }) => [message.rule, message.sessions])).toEqual([
      ['many', 5],
      ['long', 5],
    ]);
  });

  it('of a share counts the sessions that all together stand for', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [{ name: 'share', share: 0.1, sessions: 5, windowMinutes: 60 }]);
    await world.receive(5, 60);
    await world.pass(1);
    expect(webhook.received).toEqual([]);
    await world.receive(5, 0);
    await world.pass(1);
    expect(webhook.received.map(({ message }) => [message.sessions, message.ofSessions])).toEqual([[10, 70]]);
    expect(webhook.texts()[0]).toContain('affects 10 sessions of 70 (14.3 %) within 60 minutes');
  });

  it('is about its app, environment and cause alone', async () => {
    const webhook = await startWebhook();
    const rules = [
      { ...many, name: 'shop', app: 'shop', environment: 'production' },
      { ...many, name: 'one', code: 'server-unreachable' },
    ];
    const world = startWorld(webhook, rules);
    await world.receive(9, 0, { app: { name: 'shop', environment: 'staging' } });
    await world.receive(4, 0, { app: { name: 'shop', environment: 'production' } }, 'server-unreachable');
    await world.pass(1);
    expect(webhook.received).toEqual([]);
    await world.receive(1, 0, { app: { name: 'shop', environment: 'production' } }, 'server-unreachable');
    await world.pass(1);
    expect(webhook.received.map(({ message }) => [message.rule, message.code, message.app, message.sessions])).toEqual([
      ['shop', 'server-unreachable', 'shop', 5],
      ['one', 'server-unreachable', undefined, 5],
    ]);
    expect(webhook.received[0]?.message.url).toContain('period=1h&app=shop&environment=production');
  });

  it('is not passed by what is information only', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many, { ...many, name: 'named', code: 'upgraded-late' }]);
    await world.receive(9, 0, {}, 'network-changed', { severity: 'info' });
    await world.receive(9, 0, {}, 'upgraded-late', { severity: 'info' });
    await world.check();
    expect(webhook.received.map(({ message }) => [message.rule, message.code])).toEqual([['named', 'upgraded-late']]);
  });
});

describe('what a release brought', () => {
  const rules: AlertRule[] = [{ name: 'new', firstSeen: true, sessions: 2 }];
  const release = (name: string) => ({ app: { name: 'chat', release: name, environment: 'production' } });

  it('is told once, and not what an earlier release had', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, rules);
    await world.check();
    await world.receive(3, 0, release('1.0'));
    await world.pass(1);
    // The first release of an app has nothing to be compared with.
    expect(webhook.received).toEqual([]);
    await world.receive(3, 0, release('1.1'));
    await world.receive(1, 0, release('1.1'), 'server-unreachable');
    await world.pass(1);
    expect(webhook.received).toEqual([]);
    await world.receive(1, 0, release('1.1'), 'server-unreachable');
    await world.pass(5);
    await world.restart();
    await world.pass(5);
    expect(webhook.received.map(({ message }) => message)).toMatchObject([
      { status: 'first-seen', rule: 'new', code: 'server-unreachable', release: '1.1', app: 'chat', sessions: 2 },
    ]);
    expect(webhook.texts()[0]).toMatch(/^New in release 1\.1 in chat, production: .*, 2 sessions so far\. https:/);
    await world.pass(26 * 60, 10);
    expect(webhook.received.length).toBe(1);
  });

  it('is told where the earlier releases were well', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, rules);
    await world.check();
    await world.receive(0, 5, release('1.0'));
    await world.pass(1);
    await world.receive(2, 5, release('1.1'));
    await world.pass(1);
    expect(webhook.received.map(({ message }) => message.release)).toEqual(['1.1']);
  });

  it('is nothing that was there before anybody asked', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, rules);
    await world.receive(3, 0, release('1.0'));
    await world.receive(3, 0, release('1.1'), 'server-unreachable');
    await world.pass(3);
    await world.restart();
    await world.pass(3);
    expect(webhook.received).toEqual([]);
  });

  it('is no flood, however many causes a stranger invents', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [
      { name: 'new', firstSeen: true, sessions: 1 },
      { ...many, sessions: 1 },
    ]);
    await world.receive(1, 0, release('1.0'));
    await world.check();
    for (let n = 0; n < 60; n += 1) await world.receive(1, 0, release('1.1'), `invented-${n}`);
    webhook.answerWith(500);
    await world.pass(1);
    expect(webhook.received.length).toBeLessThanOrEqual(22);
    await world.pass(30);
    webhook.answerWith(200);
    const before = webhook.received.length;
    await world.pass(16);
    expect(webhook.received.length - before).toBeLessThanOrEqual(16 * 20 + 100);
    // All of it in the end, each once.
    await world.pass(10);
    const taken = webhook.received.slice(before).map(({ message }) => `${message.rule} ${message.code}`);
    expect(taken.length).toBe(new Set(taken).size);
  });
});

describe('a webhook', () => {
  it('can tell by the signature who sent it', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many]);
    await world.receive(5);
    await world.check();
    const [{ headers, body, message }] = webhook.received as [Received];
    const expected = createHmac('sha256', SECRET).update(body).digest('hex');
    expect(headers['x-signature-256']).toBe(`sha256=${expected}`);
    expect(headers['x-alert-id']).toBe(message.id);
    expect(headers['content-type']).toBe('application/json');
  });

  it.each<[string, Parameters<Webhook['answerWith']>[0], RegExp]>([
    ['fails', 500, /\(500\)/],
    ['is slow', () => {}, /\(no response in time\)/],
    ['cuts', (response) => response.destroy(), /\(UND_ERR_SOCKET\)/],
    ['redirects', (response) => response.writeHead(307, { location: '/elsewhere' }).end(), /\(307: redirects are not/],
    ['is told wrong', 404, /\(404\)/],
  ])('that %s gets it again until it takes it, the same and once', async (how, answer, said) => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many], how === 'is slow' ? { timeoutMs: LITTLE_PATIENCE_MS } : {});
    webhook.answerWith(answer);
    await world.receive(5);
    await world.pass(3);
    await world.restart();
    await world.pass(3);
    expect(world.logged.filter((line) => said.test(line)).length).toBeGreaterThan(0);
    expect(world.logged.join()).not.toContain('secret-path');
    const failed = webhook.received.length;
    expect(failed).toBeGreaterThan(1);
    // Ever longer waits: fewer tries than checks.
    expect(failed).toBeLessThan(6);
    webhook.answerWith(200);
    await world.pass(16);
    const bodies = webhook.received.map(({ body }) => body);
    expect(new Set(bodies).size).toBe(1);
    expect(bodies.length).toBe(failed + 1);
    expect(world.outcomes.filter((outcome) => outcome === 'taken')).toEqual(['taken']);
  });

  it.each([
    ['moved', 301, true],
    ['wrong about this one', 400, false],
    ['locked', 401, true],
    ['forbidden', 403, true],
    ['not there', 404, true],
    ['too large for it', 413, false],
    ['busy', 429, true],
    ['broken', 502, true],
  ] as const)('that is %s is left alone with the other alerts, too: %i, %s', async (_how, status, isAway) => {
    const webhook = await startWebhook();
    webhook.answerWith((response) => response.writeHead(status, { 'retry-after': '999999' }).end());
    const message = { id: 'one', body: '{}', signal: new AbortController().signal };
    expect(await sendWebhook({ url: webhook.url }, message)).toMatchObject({
      isTaken: false,
      isAway,
      retryAfterMs: 3_600_000,
    });
  });

  it('that is away for a while and over a restart gets everything, in order', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many]);
    await webhook.stop();
    await world.receive(5);
    await world.pass(5);
    await world.restart();
    await world.pass(70);
    expect(webhook.received).toEqual([]);
    await webhook.start();
    await world.pass(16);
    expect(webhook.received.map(({ message }) => message.status)).toEqual(['firing', 'resolved']);
  });

  it('that says when to come again is left alone until then', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many]);
    webhook.answerWith((response) => response.writeHead(429, { 'retry-after': '1200' }).end());
    await world.receive(5);
    await world.pass(19);
    expect(webhook.received.length).toBe(1);
    webhook.answerWith(200);
    await world.pass(3);
    expect(webhook.received.length).toBe(2);
  });

  it('that takes nothing for a day is told no more of it', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many]);
    webhook.answerWith(503);
    await world.receive(5);
    await world.pass(26 * 60, 10);
    expect(world.outcomes).toContain('given-up');
    webhook.answerWith(200);
    const before = webhook.received.length;
    await world.pass(60);
    expect(webhook.received.slice(before).map(({ message }) => message.status)).not.toContain('firing');
  });

  it('shows names from records as plain text', async () => {
    const webhook = await startWebhook();
    const world = startWorld(webhook, [many]);
    const hostile = '<!channel> [here](https://evil.example)\n# *b* `c` @all\u202e';
    await world.receive(5, 0, {}, hostile);
    await world.check();
    const [text] = webhook.texts();
    expect(text).not.toMatch(/[<>[\]`*\n#@\u202e]|:\/\/evil/);
    expect(text).toContain('&lt;!channel&gt;');
    expect(webhook.received[0]?.message.code).toBe(hostile);
  });
});

describe('of several collectors on one store', () => {
  const both = async (leaseMs = PATIENCE_MS) => {
    const webhook = await startWebhook();
    const data = temporaryFolder();
    const [one, two] = [1, 2].map(() => startWorld(webhook, [many], { data, leaseMs })) as [World, World];
    return { webhook, one, two };
  };
  type World = ReturnType<typeof startWorld>;

  it('one tells each alert, and another goes on when it ends', async () => {
    const { webhook, one, two } = await both();
    await Promise.all([one.check(), two.check()]);
    await one.receive(5);
    await Promise.all([one.pass(3), two.pass(3)]);
    expect(webhook.received.map(({ message }) => message.status)).toEqual(['firing']);
    const [sender, other] = two.logged.length > 0 ? [one, two] : [two, one];
    expect(other.logged).toEqual([expect.stringMatching(/^Another collector on this store sends the alerts; /)]);
    await sender.end();
    await other.pass(80);
    expect(other.logged.at(-1)).toBe('This collector now sends the alerts.');
    expect(webhook.received.map(({ message }) => message.status)).toEqual(['firing', 'resolved']);
  });

  it('another tells, under the same id, what one had not told when it was killed', async () => {
    const { webhook, one, two } = await both(4000);
    let isAsked: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    // Never answered, and the one who asked is not there any more.
    webhook.answerWith(() => isAsked());
    await one.receive(5);
    const killed = one.check();
    await asked;
    webhook.answerWith(200);
    await two.check();
    expect(webhook.received.length).toBe(1);
    await expect.poll(() => two.check().then(() => webhook.received.length), { timeout: 20_000 }).toBe(2);
    const [first, second] = webhook.received.map(({ message }) => message.id);
    expect(second).toBe(first);
    await two.receive(5, 0, {}, 'server-unreachable');
    await two.check();
    expect(webhook.received.length).toBe(3);

    // It was not killed but stopped for a while: what it knew is over.
    await webhook.stop();
    await webhook.start();
    await killed;
    await one.check();
    await two.restart();
    await two.pass(5);
    expect(webhook.received.length).toBe(3);
  });
});

it('becomes a card for Teams, with the same line', () => {
  const message = alertMessage(
    {
      id: 'a1',
      status: 'first-seen',
      rule: 'new',
      code: 'server-unreachable',
      title: 'Nothing < answers & listens',
      release: '1.1',
      sessions: 3,
      since: ago(0),
      at: ago(0),
    },
    'https://diagnostics.example',
  );
  const { attachments } = JSON.parse(encodeAlert(message, 'teams'));
  expect(attachments).toMatchObject([
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        type: 'AdaptiveCard',
        body: [
          { type: 'TextBlock', text: expect.stringMatching(/^New in release 1\.1: Nothing < answers & listens /) },
        ],
        actions: [{ url: message.url }],
      },
    },
  ]);
  expect(message.text).toContain('Nothing &lt; answers &amp; listens');
  expect(JSON.parse(encodeAlert(message, 'json'))).toEqual(message);
  expect(() => parseCommandLine(['--alert-webhook', 'https://x.example', '--alert-format', 'xml'], {})).toThrow(
    '--alert-format takes json or teams, not "xml".',
  );
});

it('goes on after the store failed', async () => {
  const webhook = await startWebhook();
  const world = startWorld(webhook, [many]);
  await world.receive(5);
  const failing = createAlerts({
    store: { state: { claim: () => Promise.reject(new Error('the disk is full')) } } as never,
    rules: [many],
    publicUrl: undefined,
    format: 'json',
    now: () => Date.now(),
    send: async () => ({ isTaken: true, outcome: '200', isAway: false }),
    logger: { info() {}, error: (line) => world.logged.push(line) },
    onOutcome() {},
    leaseMs: PATIENCE_MS,
  });
  await failing.check();
  await failing.check();
  expect(world.logged).toEqual(['Alerts cannot be checked right now and will be tried again: the disk is full']);
});

it.each<[unknown, string]>([
  [[], 'alerts takes 1 to 100 rules, not 0.'],
  [[7], 'alerts: rule 1 must be an object such as {"name": "many-sessions", "sessions": 50}.'],
  [[{ sessions: 5 }], 'alerts: rule 1 needs a name.'],
  [[{ name: 'a b' }], 'alerts: rule 1: name takes letters, digits, ".", "_" and "-", not "a b".'],
  [[{ name: 'a', sessions: 0 }], 'alerts: rule 1: sessions takes a whole number from 1 to 1000000000, not 0.'],
  [[{ name: 'a', share: 5 }], 'alerts: rule 1: share takes a number above 0 and up to 1, such as 0.05 for 5 %, not 5.'],
  [[{ name: 'a', firstSeen: true, share: 0.1 }], 'alerts: rule 1: share cannot be combined with firstSeen.'],
  [[{ name: 'a', constructor: 1 }], 'alerts: rule 1 has an unknown field "constructor"; the fields are '],
  [[{ name: 'a' }, { name: 'a' }], 'alerts: two rules have the name a.'],
])('the rules %j are refused by name', (rules, error) => {
  expect(() => checkAlertRules(rules as unknown[])).toThrow(error);
});

it('reads rules from a file and options from the command line', () => {
  const file = join(temporaryFolder(), 'alerts.json');
  writeFileSync(file, JSON.stringify({ rules: [many] }));
  const secret = 'a-long-enough-secret';
  expect(
    parseCommandLine(['--alert-webhook', 'https://x.example/h', '--alerts', file, '--alert-secret', secret], {}),
  ).toMatchObject({ options: { alerts: { webhookUrl: 'https://x.example/h', secret, rules: [many] } } });
  expect(parseCommandLine([], { COLLECTOR_ALERT_SECRET: secret })).toEqual({ name: 'start', options: {} });
  expect(() => parseCommandLine(['--alerts', file], {})).toThrow('--alerts needs --alert-webhook');
  writeFileSync(file, '[]');
  expect(() => readAlertRules(file)).toThrow('must be {"rules": [...]} and nothing else');
  expect(() => readAlertRules(`${file}x`)).toThrow('cannot be read (ENOENT)');
});

it('is part of a collector', async () => {
  const webhook = await startWebhook();
  const rules: AlertRule[] = [{ name: 'one', sessions: 1 }];
  await expect(startedCollector({ alerts: { webhookUrl: 'ftp://user:word@x' } })).rejects.toThrow(
    '--alert-webhook takes an http or https URL without user name and password, not ftp:.',
  );
  const collector = await startedCollector({ alerts: { webhookUrl: webhook.url, rules, checkEveryMs: 20 } });
  await post(
    collector,
    sampleEnvelope({ session: { ...sampleEnvelope().session, id: randomUUID(), startedAt: ago(1) } }),
  );
  await expect.poll(() => webhook.received.length, { timeout: 20_000 }).toBe(1);
  await expect
    .poll(async () => (await fetch(`${collector.url}/metrics`)).text())
    .toContain('alerts_total{outcome="taken"} 1');
  expect(webhook.received[0]?.headers['x-signature-256']).toBeUndefined();
});
