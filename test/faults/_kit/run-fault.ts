import { existsSync } from 'node:fs';
import type { Incident } from '../../../src/incidents/incident.js';
import { PROBE_MARK } from '../../../src/probes/probe-url.js';
import type { Timeline } from '../../../src/signals/timeline.js';
import { runInPage } from '../../browser/harness.js';
import { CannotRun, type Engine } from '../../browser/page-driver.js';
import type { AskedRequests } from '../../browser/watch-requests.js';
import { runReactNative } from '../../react-native/run-react-native.js';
import type { ClientVersion } from './client-version.js';
import type { ClientEvent, ClientScript, RawEvent, Wrap } from './drive-client.js';
import type { Expectation, Fault, FaultVariant, RunningFault, RunPlace } from './fault.js';
import { judgeRun } from './judge-run.js';
import { runNode } from './run-node.js';

export interface RunResult {
  readonly code: string;
  readonly variant: string;
  readonly place: RunPlace;
  readonly client: ClientVersion;
  readonly healthy: boolean;
  readonly expect: Expectation;
  /** Last revision of each incident, in the order in which they opened. */
  readonly incidents: readonly Incident[];
  /** Everything that was seen; absent if the client broke or the SDK was not there. */
  readonly timeline: Timeline | undefined;
  /** What the client library itself said. */
  readonly raw: readonly RawEvent[];
  readonly ports: { readonly server: string };
  readonly endedBy: 'answer' | 'hold' | 'failing-event' | 'limit' | 'broken' | 'skipped';
  /** Why the browser could not be made to try it. */
  readonly skipped?: string;
  /** What is wrong with the diagnosis, in words; empty if it is right. */
  readonly problems: readonly string[];
  /**
   * Of the last incident: the time from its beginning to the diagnosis that stayed, and the attempts to connect that had failed by then.
   */
  readonly settled?: { readonly afterMs: number; readonly attempts: number };
  /** In a page: what the SDK asked the network, and how many red lines that wrote to the console; the lines in Chromium only. */
  readonly asked?: { readonly requests: number; readonly redLines?: number };
  readonly tookMs: number;
}

/** Watches what gets out during a run; see test/privacy. */
export interface RunSpy {
  seed(script: ClientScript): ClientScript;
  /** Node only. */
  readonly wrap?: Wrap;
  see?(event: ClientEvent): void;
}

/** Runs one variant of one fault at one place and judges the diagnosis. */
export async function runFault(
  code: string,
  variantName: string,
  place: RunPlace,
  { raw = false, spy }: { readonly raw?: boolean; readonly spy?: RunSpy } = {},
): Promise<RunResult> {
  return runVariant({ ...(await loadFault(code)), variantName, place, raw, spy });
}

/** The same for a fault that is no file of its own. */
export async function runVariant(run: {
  readonly fault: Fault;
  readonly healthy: boolean;
  readonly variantName: string;
  readonly place: RunPlace;
  readonly raw: boolean;
  readonly spy?: RunSpy | undefined;
}): Promise<RunResult> {
  const { fault, healthy, variantName, place, raw, spy } = run;
  const { code, variants } = fault;
  const variant = variants[variantName];
  if (!variant) throw new Error(`${code} has no variant ${variantName}; it has ${Object.keys(variants).join(', ')}`);
  const running = await variant.start();
  try {
    return await runStarted({ fault, healthy, variant, variantName, running, place, raw, spy });
  } catch (error) {
    if (error instanceof CannotRun) return skipped(error, { fault, healthy, variantName, running, place });
    throw error;
  } finally {
    await running.close();
  }
}

/** As `runFault`, repeated if the browser or the page broke down, which is not a result. */
export async function runFaultAgainIfBroken(...run: Parameters<typeof runFault>): ReturnType<typeof runFault> {
  const result = await runFault(...run).catch(() => undefined);
  return result && result.endedBy !== 'broken' ? result : runFault(...run);
}

/** Loads a fault by the code of its cause, or a healthy setup by its name. */
export async function loadFault(code: string): Promise<{ readonly fault: Fault; readonly healthy: boolean }> {
  const file = new URL(`../${code}.ts`, import.meta.url);
  const healthyFile = new URL(`../../healthy/${code}.ts`, import.meta.url);
  if (existsSync(file)) return { fault: (await import(file.href)).fault, healthy: false };
  if (existsSync(healthyFile)) return { fault: (await import(healthyFile.href)).healthy, healthy: true };
  throw new Error(`there is neither a fault nor a healthy set-up named ${code}`);
}

/** The places where a variant makes sense: Node, and those of the given browsers that can try it. */
export function placesOf(
  fault: Fault,
  variant: FaultVariant,
  engines: readonly Engine[] = ['chromium'],
): readonly RunPlace[] {
  const possible = variant.engines ?? fault.engines;
  const used = engines.filter((engine) => !possible || possible.includes(engine));
  return (variant.places ?? fault.places).flatMap((place): RunPlace | RunPlace[] => {
    if (place === 'node' || place === 'react-native') return place;
    return used.map((engine): RunPlace => (place === 'chromium' ? engine : `${engine}-same`));
  });
}

/** What is expected at a place; a browser that is not named sees what Chromium sees. */
export function expectationAt({ expect }: FaultVariant, place: RunPlace): Expectation {
  return expect?.[place] ?? (place === 'node' || place === 'react-native' ? {} : (expect?.[asInChromium(place)] ?? {}));
}

/** A spy has the client send secrets of its own. */
function withOwn({ certaintyWithOwn, ...expected }: Expectation): Expectation {
  return certaintyWithOwn ? { ...expected, certainty: certaintyWithOwn } : expected;
}

function asInChromium(place: Exclude<RunPlace, 'node' | 'react-native'>): 'chromium' | 'chromium-same' {
  return place.endsWith('-same') ? 'chromium-same' : 'chromium';
}

async function runStarted(run: {
  readonly fault: Fault;
  readonly healthy: boolean;
  readonly variant: FaultVariant;
  readonly variantName: string;
  readonly running: RunningFault;
  readonly place: RunPlace;
  readonly raw: boolean;
  readonly spy: RunSpy | undefined;
}): Promise<RunResult> {
  const { running, healthy, place, raw } = run;
  // If the use of the socket is judged, what a spy adds to options and listeners would be judged, too, and what is reported within the page
  // deliberately names its own events and lines: test/unit/lint.test.ts searches what leaves it.
  const spy = running.diagnostics?.lint === true ? undefined : run.spy;
  const client = running.client ?? '4';
  const incidents = new Map<string, Incident>();
  const rawEvents: RawEvent[] = [];
  let timeline: Timeline | undefined;
  let asked: AskedRequests | undefined;
  const redLines: string[] = [];
  const startedAt = Date.now();
  let end: (by: RunResult['endedBy']) => void = () => {};
  const ended = new Promise<RunResult['endedBy']>((resolve) => {
    end = resolve;
  });
  let connected = false;
  let triggering = false;
  let triggered = running.trigger === undefined;
  let failedAfterTrigger = false;
  let hold: NodeJS.Timeout | undefined;
  let brokenBy: string | undefined;
  let cannot: CannotRun | undefined;

  let settled: (NonNullable<RunResult['settled']> & { readonly answer: string }) | undefined;
  /** When the diagnosis that stayed was first reported with no probe pending. */
  const noteSettled = ({ id, settled: isSettled, diagnosis, openedAt, updatedAt, failedAttempts }: Incident) => {
    const answer = isSettled ? `${id} ${diagnosis.certainty} ${diagnosis.code}` : '';
    if (answer === settled?.answer) return;
    const afterMs = Date.parse(updatedAt) - Date.parse(openedAt);
    settled = isSettled ? { afterMs, attempts: failedAttempts, answer } : undefined;
  };

  const fail = (error: unknown) => {
    cannot ??= error instanceof CannotRun ? error : undefined;
    brokenBy = String(error);
    end('broken');
  };

  const check = () => {
    if (!triggered) return;
    if (healthy) {
      if (connected) hold ??= setTimeout(() => end('hold'), running.holdMs ?? 1_500);
      if (incidents.size > 0) end('answer');
    } else if (raw) {
      // When proving by hand: a moment more, to see what the client does next.
      if (failedAfterTrigger) hold ??= setTimeout(() => end('failing-event'), 1_000);
    } else {
      const last = [...incidents.values()].at(-1);
      if (last?.settled && (running.enough?.(last) ?? true)) end('answer');
    }
  };

  const report = (event: ClientEvent) => {
    if (event.type === 'broken' && !(running.mayThrow && event.isUncaught)) fail(event.message);
    if (event.type === 'incident') {
      noteSettled(event.incident);
      incidents.set(event.incident.id, event.incident);
    }
    if (event.type === 'raw') {
      rawEvents.push(event.event);
      failedAfterTrigger ||=
        triggered && ['connect_error', 'disconnect', 'error', 'upgradeError'].includes(event.event.name);
    }
    if (event.type === 'red-line') redLines.push(event.url);
    if (event.type === 'connected') connected = true;
    if (event.type === (reachesWebSocket(running) ? 'on-websocket' : 'connected') && running.trigger && !triggering) {
      triggering = true;
      const seenBefore = rawEvents.length;
      running.trigger(started.control).then(() => {
        triggered = true;
        failedAfterTrigger = rawEvents.slice(seenBefore).some(isFailing);
        check();
      }, fail);
    }
    check();
  };

  const plain: ClientScript = {
    url: running.url,
    options: running.options ?? {},
    ...(running.transportClasses && { transportClasses: running.transportClasses }),
    ...(running.makeOptions ? { makeOptions: running.makeOptions.toString() } : {}),
    ...(running.onCreate ? { onCreate: running.onCreate.toString() } : {}),
    ...(running.onConnect ? { onConnect: running.onConnect.toString() } : {}),
    ...(running.diagnostics ? { diagnostics: running.diagnostics } : {}),
    raw,
  };
  const script = spy?.seed(plain) ?? plain;
  const prepare = running.prepare?.bind(running);
  const early: ClientEvent[] = [];
  let deliver = (event: ClientEvent): void => void early.push(event);
  const started =
    place === 'node'
      ? await runNode(script, client, prepare, (event) => deliver(event), spy?.wrap)
      : place === 'react-native'
        ? await runReactNative(script, client, running.platform ?? { os: 'android', permitsCleartext: true }, (event) =>
            deliver(event),
          )
        : await runInPage(place.replace('-same', '') as Engine, script, client, prepare, (event) => deliver(event), {
            sameOrigin: place.endsWith('-same'),
            headers: running.pageHeaders ?? {},
            pageUrl: running.pageUrl,
            filter: running.filter,
            guardsLocalNetwork: running.guardsLocalNetwork,
          });
  deliver = report;
  const limit = setTimeout(() => end('limit'), running.limitMs ?? 30_000);
  for (const event of early) report(event);
  const endedBy = await ended;
  clearTimeout(limit);
  clearTimeout(hold);
  // What follows is our own doing, except for the timeline.
  deliver = (event) => {
    spy?.see?.(event);
    if (event.type === 'timeline') timeline = event.timeline;
    if (event.type === 'asked') asked = event;
  };
  await started.stop().catch(fail);
  if (cannot) throw cannot;

  const result = {
    code: run.fault.code,
    variant: run.variantName,
    place,
    client,
    healthy,
    expect: spy ? withOwn(expectationAt(run.variant, place)) : expectationAt(run.variant, place),
    incidents: [...incidents.values()],
    timeline,
    raw: rawEvents,
    ports: { server: URL.canParse(running.url) ? new URL(running.url).port : '' },
    endedBy,
    ...(settled && { settled: { afterMs: settled.afterMs, attempts: settled.attempts } }),
    ...(asked && { asked: costOf(asked, place.startsWith('chromium') ? redLines : undefined) }),
    tookMs: Date.now() - startedAt,
  };
  const problems = brokenBy === undefined ? judgeRun({ ...result, connected }) : [brokenBy];
  return { ...result, problems: raw && endedBy !== 'broken' ? [] : problems };
}

/** A client with the transport `Fetch` also sends requests by `fetch`, for URLs without our mark. */
function costOf(
  { urls, failedWebSockets }: AskedRequests,
  redLines?: readonly string[],
): NonNullable<RunResult['asked']> {
  const own = urls.filter(
    (url) => !url.includes('transport=') || url.startsWith('ws') || url.includes(`t=${PROBE_MARK}`),
  );
  const lines = redLines?.filter((url) => own.includes(url) && !url.startsWith('ws')).length;
  return { requests: own.length, ...(lines !== undefined && { redLines: lines + failedWebSockets }) };
}

function skipped(
  { message }: CannotRun,
  {
    fault,
    healthy,
    variantName,
    running,
    place,
  }: Pick<Parameters<typeof runStarted>[0], 'fault' | 'healthy' | 'variantName' | 'running' | 'place'>,
): RunResult {
  return {
    code: fault.code,
    variant: variantName,
    place,
    client: running.client ?? '4',
    healthy,
    expect: {},
    incidents: [],
    timeline: undefined,
    raw: [],
    ports: { server: URL.canParse(running.url) ? new URL(running.url).port : '' },
    endedBy: 'skipped',
    skipped: message,
    problems: [],
    tookMs: 0,
  };
}

const isFailing = ({ name }: RawEvent) => ['connect_error', 'disconnect', 'error', 'upgradeError'].includes(name);

function reachesWebSocket({ options }: RunningFault): boolean {
  const transports = options?.transports as string[] | undefined;
  return options?.upgrade !== false && (transports === undefined || transports.includes('websocket'));
}
