import { type Listening, listen } from '../signals/listen.js';
import { appFrame } from './app-frame.js';
import type { Check } from './checked-socket.js';
import { parsePacket } from './parse-packet.js';

interface AwaitedAck {
  readonly ackId: string;
  readonly event: string;
  readonly order: number;
  readonly ageMs: number;
  readonly where: string | undefined;
  isAnswered: boolean;
}

/** Maximum number of emits followed per connection; an app that emits more at once has other worries. */
const MAX_AWAITED = 50;
/** What is emitted later than this was not emitted right after connect. */
const RIGHT_AFTER_CONNECT_MS = 3_000;
/** Without a timeout of the app, a wait this long counts as no acknowledgement. */
const NO_ANSWER_MS = 10_000;
/** What was acknowledged must be this much younger than what was not: a server that acknowledges one of two at a time is listening. */
const APART_MS = 100;
/** An acknowledgement that comes after the app gave up, from a server that was merely slow, comes within this time. */
const LATE_ANSWER_MS = 5_000;
/** When to check, in milliseconds after connect; the last one is later than any usual timeout for an acknowledgement. */
const LOOKS_MS: readonly number[] = [1_500, 3_000, 6_000, 12_000, 25_000, 40_000];

/** Compares the first emits of a connection with later ones: which of those that wait for an acknowledgement got it. */
export const compareAcks: Check = ({ socket, namespace, monotonicMs, delay, found, onInternalError }) => {
  let awaited: AwaitedAck[] = [];
  let connectedMs: number | undefined;
  let order = 0;
  let listenings: Listening[] = [];
  let cancels: (() => void)[] = [];
  let told = '';

  const look = () => {
    if (connectedMs === undefined) return;
    const ageMs = monotonicMs() - connectedMs;
    const answered = awaited.filter(({ isAnswered }) => isAnswered);
    const unanswered = awaited.filter(
      (one) => !one.isAnswered && (isGivenUp(one.ackId) || ageMs - one.ageMs >= NO_ANSWER_MS),
    );
    const [first] = answered;
    const last = unanswered[unanswered.length - 1];
    // Something that was acknowledged before shows that the server was already listening.
    if (!first || !last || last.order > first.order || last.ageMs > RIGHT_AFTER_CONNECT_MS) return;
    if (first.ageMs - last.ageMs < APART_MS) return;
    // Still waiting: not known yet.
    if (awaited.some((one) => one.order < first.order && !one.isAnswered && !unanswered.includes(one))) return;
    const later = answered.find(({ event }) => unanswered.some((one) => one.event === event));
    const fact = {
      fact: 'acks-compared' as const,
      unanswered: unanswered.length,
      unansweredUntilMs: Math.round(last.ageMs),
      waitedMs: Math.round(ageMs - last.ageMs),
      answered: answered.length,
      answeredFromMs: Math.round(first.ageMs),
      sameEvent: later !== undefined,
      othersBetween: (later ?? first).order - last.order > 1,
    };
    const key = `${fact.unanswered} ${fact.sameEvent} ${fact.othersBetween} ${fact.waitedMs >= LATE_ANSWER_MS}`;
    if (key === told) return;
    told = key;
    found(fact, {
      events: [...new Set(unanswered.map(({ event }) => event))],
      ...(last.where !== undefined && { where: last.where }),
    });
  };
  /** `timeout()` and `ackTimeout` (4.4 and later) remove the callback from `acks`. */
  const isGivenUp = (ackId: string) => socket.acks !== undefined && !(ackId in socket.acks);
  const forget = () => {
    for (const cancel of cancels) cancel();
    cancels = [];
    awaited = [];
    connectedMs = undefined;
    order = 0;
    told = '';
  };
  const ignore = () => {
    for (const listening of listenings) listening.stop();
    listenings = [];
  };

  return {
    onSignal(signal) {
      if (!('namespace' in signal) || signal.namespace !== namespace) return;
      if (signal.kind === 'disconnected') forget();
      if (signal.kind !== 'connected' || connectedMs !== undefined) return;
      connectedMs = monotonicMs();
      cancels = LOOKS_MS.map((ms) => delay(look, ms));
    },
    onEngine(engine) {
      forget();
      ignore();
      const onSent = (packet: unknown) => {
        const parsed = parsePacket(Object(packet).data);
        if (parsed?.type !== 'event' || parsed.namespace !== namespace) return;
        order += 1;
        if (!parsed.ackId || awaited.length >= MAX_AWAITED) return;
        const ageMs = connectedMs === undefined ? 0 : monotonicMs() - connectedMs;
        const where = ageMs > RIGHT_AFTER_CONNECT_MS ? undefined : appFrame(socket.emitWithAck, socket.emit);
        awaited.push({ ackId: parsed.ackId, event: parsed.event, order, ageMs, where, isAnswered: false });
      };
      const onReceived = (packet: unknown) => {
        const parsed = parsePacket(Object(packet).data);
        if (parsed?.type !== 'ack' || parsed.namespace !== namespace) return;
        const answered = awaited.find(({ ackId }) => ackId === parsed.ackId);
        if (answered) answered.isAnswered = true;
        if (answered && order > 1) cancels.push(delay(look, 0));
      };
      listenings = [
        listen(engine, 'packetCreate', onSent, onInternalError),
        listen(engine, 'packet', onReceived, onInternalError),
      ];
    },
    stop() {
      forget();
      ignore();
    },
  };
};
