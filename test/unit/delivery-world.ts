import { createDelivery, type Delivery } from '../../src/delivery/delivery.js';
import type { DiagnosticsRecord, Envelope } from '../../src/delivery/envelope.js';
import { httpSink } from '../../src/delivery/http-sink.js';
import type { PostAnswer, PostRequest } from '../../src/runtime/runtime.js';
import { originOf, sessionRecord } from './delivery-kit.js';
import { type FakeRuntime, fakeRuntime } from './fake-runtime.js';

/** What the way to the collector, and the collector, do to a request from now on. */
export type Weather =
  | 'fine'
  | 'mixed'
  | 'refusing'
  | 'rejecting'
  | 'busy'
  | 'told-to-wait'
  | 'unreachable'
  | 'answers-lost'
  | 'slow'
  | 'small-bodies';

export type Step =
  | {
      readonly do: 'add';
      readonly tab: number;
      readonly record: number;
      readonly kind: 'session' | 'incident' | 'poison';
      readonly chars: number;
    }
  | { readonly do: 'burst'; readonly tab: number; readonly records: number; readonly chars: number }
  | { readonly do: 'drop'; readonly tab: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'weather'; readonly weather: Weather }
  | { readonly do: 'open' }
  | { readonly do: 'hide' | 'show' | 'crash' | 'reload' | 'flush' | 'offline' | 'online'; readonly tab: number }
  | { readonly do: 'clock'; readonly ms: number };

interface Tab {
  readonly runtime: FakeRuntime;
  readonly delivery: Delivery;
  alive: boolean;
  online: boolean;
  /** Sum of keepalive bodies under way. */
  keepaliveBytes: number;
  keepaliveRequests: number;
  /** What was handed over too recently to have a copy: a crash may lose it. */
  fresh: { readonly at: number; readonly pair: string }[];
  freshDrops: number[];
}

interface Timer {
  readonly at: number;
  readonly tab: Tab | undefined;
  readonly run: () => void;
}

const URL = 'https://collector.example/v1/records';
/** Longest `Retry-After` of this collector. */
const MAX_WAIT_MS = 1_800_000;
const SMALL_BODY_BYTES = 6000;

/**
 * Tabs of one origin with one storage, a clock for all of them, and a collector that keeps each `(id, revision)` once and each counter
 * of a batch once. Everything between is the real thing: queue, persistence, HTTP sink.
 */
export class DeliveryWorld {
  readonly #random: () => number;
  readonly #stored = new Map<string, string>();
  readonly #tabs: Tab[] = [];
  readonly #revisions = new Map<string, number>();
  readonly #added = new Set<string>();
  readonly #poison = new Set<string>();
  readonly #excused = new Set<string>();
  /** At the collector. */
  readonly #kept = new Map<string, string>();
  readonly #counters = new Map<string, number>();
  /** Arrived, and nobody was told so. */
  readonly #unheard = new Set<string>();
  #timers: Timer[] = [];
  #elapsedMs = 0;
  #wallMs = Date.UTC(2026, 0, 1);
  #weather: Weather = 'fine';
  /** Records that were refused together with their batch. */
  #refused = 0;
  #drops = 0;
  #excusedDrops = 0;
  #hasJumped = false;
  #names = 0;
  readonly #recordsPerMinute: number;
  /** The first promise of delivery that was broken. */
  broken: string | undefined;

  constructor(random: () => number) {
    this.#random = random;
    this.#recordsPerMinute = random() < 0.3 ? 60 : Number.POSITIVE_INFINITY;
    this.#open();
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.do === 'pass') await this.#pass(step.ms);
      else this.#take(step);
      await settled();
      this.#check();
    }
  }

  /** Lets everything become well and checks what is at the collector then. */
  async finish(): Promise<void> {
    this.#weather = 'fine';
    for (const tab of this.#living()) {
      tab.online = true;
      tab.delivery.wake();
    }
    await this.#pass(2 * MAX_WAIT_MS);
    for (const tab of this.#living()) this.#close(tab);
    await settled();
    const last = this.#open();
    await this.#pass(10 * 60_000);
    // Counters need a record to travel with.
    this.#add(last, 'last', 'incident', 0);
    await this.#pass(10 * 60_000);
    this.#judge();
  }

  #take(step: Step): void {
    const living = this.#living();
    const tab = 'tab' in step ? living[step.tab % Math.max(1, living.length)] : undefined;
    if (step.do === 'open') this.#open();
    if (step.do === 'weather') this.#weather = step.weather;
    if (step.do === 'clock') {
      this.#wallMs += step.ms;
      this.#hasJumped = true;
    }
    if (!tab) return;
    if (step.do === 'add') this.#add(tab, `${step.kind}-${step.record}`, step.kind, step.chars);
    if (step.do === 'burst')
      for (let n = 0; n < step.records; n++)
        this.#add(tab, `burst-${this.#names++}`, n % 3 ? 'incident' : 'session', step.chars);
    if (step.do === 'drop') {
      this.#drops++;
      tab.freshDrops.push(this.#elapsedMs);
      tab.delivery.drop('before-send');
    }
    if (step.do === 'hide') tab.delivery.leaving(false);
    if (step.do === 'show') tab.delivery.wake();
    if (step.do === 'flush') void tab.delivery.flush();
    if (step.do === 'offline') tab.online = false;
    if (step.do === 'online') {
      tab.online = true;
      tab.delivery.wake();
    }
    if (step.do === 'crash') this.#crash(tab);
    if (step.do === 'reload') {
      this.#close(tab);
      this.#open();
    }
  }

  #fail(why: string): void {
    this.broken ??= `after ${Math.round(this.#elapsedMs)} ms: ${why}`;
  }

  #living(): Tab[] {
    return this.#tabs.filter(({ alive }) => alive);
  }

  #open(): Tab {
    const tab = {
      alive: true,
      online: true,
      keepaliveBytes: 0,
      keepaliveRequests: 0,
      fresh: [],
      freshDrops: [],
    } as unknown as {
      -readonly [K in keyof Tab]: Tab[K];
    };
    tab.runtime = fakeRuntime({
      stored: this.#stored,
      now: () => this.#wallMs + this.#elapsedMs,
      monotonicMs: () => this.#elapsedMs,
      random: this.#random,
      delay: (run, ms) => this.#delay(tab, run, ms),
      isOnline: () => tab.online,
      post: (request) => this.#post(tab, request),
      beacon: () => false,
    });
    tab.delivery = createDelivery({
      sinks: [httpSink(URL)],
      runtime: tab.runtime,
      origin: originOf(`tab-${this.#tabs.length}`),
      limits: { recordsPerMinute: this.#recordsPerMinute, recordsPerSession: Number.POSITIVE_INFINITY },
    });
    this.#tabs.push(tab);
    return tab;
  }

  #add(tab: Tab, id: string, kind: 'session' | 'incident' | 'poison', chars: number): void {
    const revision = (this.#revisions.get(id) ?? 0) + 1;
    this.#revisions.set(id, revision);
    const severity = ['error', 'warning', 'info'][revision % 3];
    const record = {
      ...sessionRecord(id, revision, { text: 'x'.repeat(chars), diagnosis: { severity } }),
      kind: kind === 'session' ? 'session' : 'incident',
    } as unknown as DiagnosticsRecord;
    const pair = `${id}.${revision}`;
    this.#added.add(pair);
    if (kind === 'poison') this.#poison.add(pair);
    tab.fresh.push({ at: this.#elapsedMs, pair });
    tab.delivery.add(record, kind !== 'session');
  }

  /** The page is told and goes away; what is under way with keepalive goes on. */
  #close(tab: Tab): void {
    tab.delivery.leaving(true);
    tab.alive = false;
  }

  #crash(tab: Tab): void {
    tab.alive = false;
    const isFresh = (at: number) => this.#elapsedMs - at <= 250;
    for (const { at, pair } of tab.fresh) if (isFresh(at)) this.#excused.add(pair);
    this.#excusedDrops += tab.freshDrops.filter(isFresh).length;
  }

  #delay(tab: Tab | undefined, run: () => void, ms: number): () => void {
    const timer = { at: this.#elapsedMs + Math.max(0, ms), tab, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  async #pass(ms: number): Promise<void> {
    const until = this.#elapsedMs + ms;
    for (;;) {
      await settled();
      let next: Timer | undefined;
      for (const timer of this.#timers)
        if (timer.at <= until && timer.at < (next?.at ?? Number.POSITIVE_INFINITY)) next = timer;
      if (!next) break;
      const due = next;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.#elapsedMs = Math.max(this.#elapsedMs, due.at);
      if (due.tab?.alive !== false) due.run();
    }
    this.#elapsedMs = until;
  }

  #post(tab: Tab, { body, keepalive, timeoutMs }: PostRequest): Promise<PostAnswer> {
    const bytes = Buffer.byteLength(body);
    if (bytes > 60_000) this.#fail(`a body of ${bytes} bytes`);
    if (keepalive) {
      tab.keepaliveBytes += bytes;
      tab.keepaliveRequests++;
      if (tab.keepaliveBytes > 60_000 || tab.keepaliveRequests > 8)
        this.#fail(`${tab.keepaliveRequests} keepalive requests with ${tab.keepaliveBytes} bytes`);
    }
    const weathers = [
      'fine',
      'refusing',
      'rejecting',
      'busy',
      'told-to-wait',
      'unreachable',
      'answers-lost',
      'slow',
      'small-bodies',
    ] as const;
    const weather =
      this.#weather === 'mixed' ? (weathers[Math.floor(this.#random() * weathers.length)] ?? 'fine') : this.#weather;
    const underWayMs = weather === 'slow' ? this.#random() * 25_000 : this.#random() * 400;
    return new Promise((resolve) => {
      let isOver = false;
      const answer = (given: PostAnswer) => {
        if (isOver) return;
        isOver = true;
        if (keepalive) {
          tab.keepaliveBytes -= bytes;
          tab.keepaliveRequests--;
        }
        // A page that is gone hears nothing.
        if (tab.alive) resolve(given);
      };
      this.#delay(tab, () => answer(UNANSWERED), timeoutMs);
      this.#delay(
        undefined,
        () => {
          // A request without keepalive may or may not have left when its page goes away.
          if (!tab.alive && !keepalive && this.#random() < 0.5) return answer(UNANSWERED);
          const given = this.#answer(weather, body, bytes);
          if (given.status === 200 && (isOver || !tab.alive || weather === 'answers-lost')) this.#markUnheard(body);
          answer(weather === 'answers-lost' ? UNANSWERED : given);
        },
        underWayMs,
      );
    });
  }

  #answer(weather: Weather, body: string, bytes: number): PostAnswer {
    if (weather === 'unreachable') return UNANSWERED;
    if (weather === 'rejecting') {
      this.#refused += (JSON.parse(body) as Envelope).records.length;
      return { status: 400, body: '' };
    }
    if (weather === 'refusing')
      return { status: [500, 502, 503, 504][Math.floor(this.#random() * 4)] ?? 500, body: '' };
    if (weather === 'busy') return { status: [408, 425, 429][Math.floor(this.#random() * 3)] ?? 429, body: '' };
    if (weather === 'told-to-wait')
      return { status: 503, body: '', retryAfterMs: Math.round(this.#random() ** 3 * MAX_WAIT_MS) };
    if (weather === 'small-bodies' && bytes > SMALL_BODY_BYTES) return { status: 413, body: '' };
    const { records, batch, dropped }: Envelope = JSON.parse(body);
    for (const [reason, count] of Object.entries(dropped)) {
      const key = `${batch} ${reason}`;
      const before = this.#counters.get(key);
      if (before !== undefined && before !== count)
        this.#fail(`batch ${batch} told of ${before} and of ${count} records ${reason}`);
      this.#counters.set(key, count);
    }
    const rejected: { id: string; index: number }[] = [];
    records.forEach((record, index) => {
      const pair = `${record.id}.${record.revision}`;
      const content = JSON.stringify(record);
      if (!this.#added.has(pair)) this.#fail(`nobody added ${pair}`);
      if (this.#kept.has(pair) && this.#kept.get(pair) !== content) this.#fail(`${pair} changed`);
      if (this.#poison.has(pair)) rejected.push({ id: record.id, index });
      else this.#kept.set(pair, content);
    });
    return { status: 200, body: JSON.stringify({ accepted: records.length - rejected.length, rejected }) };
  }

  #markUnheard(body: string): void {
    for (const { id, revision } of (JSON.parse(body) as Envelope).records) this.#unheard.add(`${id}.${revision}`);
  }

  /** What must be true at any time. */
  #check(): void {
    let records = 0;
    for (const text of this.#stored.values()) {
      if (text.length > 300_000) this.#fail(`${text.length} characters in the storage`);
      records += JSON.parse(text)[4].entries.length;
    }
    if (records > 100) this.#fail(`${records} records in the storage`);
    for (const tab of this.#living()) tab.fresh = tab.fresh.filter(({ at }) => this.#elapsedMs - at <= 250);
  }

  #judge(): void {
    const told: Record<string, number> = {};
    for (const [key, count] of this.#counters) {
      const reason = key.split(' ')[1] ?? '';
      told[reason] = (told[reason] ?? 0) + count;
    }
    const { 'before-send': drops = 0, rejected = 0, ...limits } = told;
    const limited = Object.values(limits).reduce((sum, count) => sum + count, 0);
    if (limits['internal-error']) this.#fail(`${limits['internal-error']} internal errors`);
    if (drops > this.#drops || drops < this.#drops - this.#excusedDrops)
      this.#fail(`${this.#drops} records were withheld, ${drops} were told of`);

    const newest = [...this.#revisions].map(([id, revision]) => `${id}.${revision}`);
    const isMissing = (pair: string) => !this.#kept.has(pair) && !this.#excused.has(pair);
    const missing = newest.filter((pair) => isMissing(pair) && !this.#poison.has(pair));
    const poisonous = newest.filter((pair) => isMissing(pair) && this.#poison.has(pair));
    if (missing.length + poisonous.length > limited + rejected)
      this.#fail(
        `${missing.length + poisonous.length} records are missing, ${limited + rejected} were told of: ${missing.slice(0, 9)} ${JSON.stringify(told)}`,
      );
    // With a wrong clock two tabs may give up the same copy, and of what arrived unheard nobody knows.
    if (this.#hasJumped) return;
    const notKept = [...this.#added].filter((pair) => !this.#kept.has(pair)).length;
    if (limited + rejected > notKept + this.#unheard.size)
      this.#fail(`${limited + rejected} records were told of as lost, ${notKept} are: ${JSON.stringify(told)}`);
    if (limited === 0 && missing.length > this.#refused) this.#fail(`missing although no limit was met: ${missing}`);
  }
}

const UNANSWERED: PostAnswer = { status: 0, body: '' };

/** All microtasks have run when the event loop comes round. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
