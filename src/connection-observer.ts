import type { AnyDiagnosis } from './diagnosis/diagnosis.js';
import { isWorthWatching } from './diagnosis/is-worth-watching.js';
import { createIncidentStories, LEAVING_GRACE_MS } from './incident-stories.js';
import type { Incident } from './incidents/incident.js';
import type { Judges } from './judges.js';
import type { RunningCheck } from './lint/checked-socket.js';
import type { ConnectionRegister } from './lint/connection-register.js';
import { createPageLeaving } from './page-leaving.js';
import { createPollingHold } from './polling-hold.js';
import type { ProbeLimits } from './probes/probe-budget.js';
import { createReactions } from './react-to-signal.js';
import type { Runtime } from './runtime/runtime.js';
import { clientFacts, optionFacts, targetFacts } from './signals/client-facts.js';
import type { ClientManager, ClientSocket } from './signals/client-shapes.js';
import { type DescribeError, describeError } from './signals/describe-error.js';
import type { EndedConnection } from './signals/ended-connections.js';
import { runtimeFacts } from './signals/runtime-facts.js';
import type { ProbeResult, SignalBody } from './signals/signal.js';
import { createStoredEnds } from './signals/stored-ends.js';
import { tapEngine } from './signals/tap-engine.js';
import { tapManager } from './signals/tap-manager.js';
import { type PageTap, tapPage } from './signals/tap-page.js';
import { type SocketTap, tapSocket } from './signals/tap-socket.js';
import type { Timeline } from './signals/timeline.js';
import { createTimelineRecorder } from './signals/timeline-recorder.js';
import { type ConnectWatch, watchConnects } from './signals/watch-connects.js';
import { SHARED, type StoryListener } from './story-teller.js';
import type { UsageChecks } from './usage-checks.js';
import type { UsageContext } from './watch-usage.js';

/** What a socket of the connection is notified of. */
export interface ConnectionMember extends StoryListener {
  readonly socket: ClientSocket;
  readonly probe: ProbeLimits | undefined;
  /** Absent unless the use of the socket is checked. */
  readonly lint?: LintedMember;
  onSignal(signal: SignalBody): void;
}

export interface LintedMember {
  readonly checks: UsageChecks;
  readonly register: ConnectionRegister;
  /** Frame of the app's code that created the socket, if the runtime reports it. */
  readonly madeAt: string | undefined;
}

export interface ConnectionObserver {
  join(member: ConnectionMember): () => void;
  current(namespace: string): Incident | undefined;
  timeline(): Timeline;
  readonly attempt: number;
  /** Runs every probe that can be run here. */
  check(
    member: Pick<ConnectionMember, 'namespace' | 'probe'>,
  ): Promise<{ readonly probes: ProbeResult[]; readonly diagnosis: AnyDiagnosis | undefined }>;
}

export interface ObservedPage {
  readonly runtime: Runtime;
  readonly judges: Judges;
  /** Shared by everything that is watched in it. */
  readonly polling: Map<object, string>;
}

/**
 * Watches one Manager: its engines, its sockets and the page become one timeline, and its failures become incidents. Sockets that share the
 * Manager share the observer.
 */
export function createConnectionObserver(
  manager: ClientManager,
  first: ClientSocket,
  { runtime, judges, polling }: ObservedPage,
  onInternalError: (error: unknown) => void,
  onEmpty: () => void,
): ConnectionObserver {
  const members = new Map<ConnectionMember, SocketTap | undefined>();
  const byNamespace = new Map<string, readonly ConnectionMember[]>();
  const lints = new Map<ConnectionMember, Required<RunningCheck>>();
  const sids = new Set<string>();
  const cancels = new Set<() => void>();
  let untapEngine: (() => void) | undefined;
  let connects: ConnectWatch | undefined;
  let attempt = 0;
  /** The last attempt on which a socket of ours was connected. */
  let connectedAttempt = 0;
  /** The last attempt whose engine opened. */
  let openedAttempt = 0;
  let isRemembering = false;
  let isDisposed = false;

  const target = () => targetFacts(manager, runtime.page);
  const hold = createPollingHold(polling, manager, target);
  const leaving = createPageLeaving(
    () => attempt,
    () => recorder.at(),
  );
  const describe: DescribeError = (error, engine) => describeError(error, target(), engine, runtime);
  const stored = createStoredEnds(runtime.storage, runtime.now, target);
  const recorder = createTimelineRecorder(
    runtime.monotonicMs,
    () => {
      const socket = [...members.keys()][0]?.socket ?? first;
      const pollingElsewhere = runtime.kind === 'node' ? 0 : hold.elsewhere();
      return {
        runtime: {
          ...runtimeFacts(runtime),
          ...(runtime.hasServiceWorker?.() && { serviceWorker: true as const }),
          ...(pollingElsewhere > 0 && { pollingElsewhere }),
        },
        client: clientFacts(socket),
        target: target(),
        options: optionFacts(manager, socket.auth),
      };
    },
    earlierEnds(),
  );
  const proberContext = {
    runtime,
    manager,
    // Sockets of one Manager share its connection and its probes: if one of them forbids probes, it forbids them for all.
    limits: () => {
      const given = [...members.keys()].map(({ probe }) => probe);
      return given.includes(undefined) ? undefined : given[0];
    },
    target,
    timeline: () => recorder.snapshot(),
    isKnownSid: (sid: string) => sids.has(sid),
    onInternalError,
  };
  const stories = createIncidentStories({
    runtime,
    recorder,
    judges,
    proberContext,
    listeners: () => [...members.keys()],
    attempt: () => attempt,
    transport: () => manager.engine?.transport?.name,
    isLeaving: (phase) => (phase === 'session' ? leaving.isReason() : leaving.isNow()),
    isDisposed: () => isDisposed,
    onClosed: (incident) => reactions.forget(incident),
    delay: later,
    guarded,
    onInternalError,
  });
  const { book, abandon, close } = stories;
  const reactions = createReactions({
    stories,
    attempt: () => attempt,
    isOpening: () => manager.engine?.readyState === 'opening',
    hasConnected: () => connectedAttempt === attempt,
    primaryNamespace: () => [...members.keys()][0]?.namespace ?? '/',
    isLeftByApp: (namespace) => (namespace === undefined ? [...members.keys()] : membersOf(namespace)).every(isAway),
    delay: later,
  });

  /** If one part throws, the others must still be notified. */
  function guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      onInternalError(error);
    }
  }

  function later(callback: () => void, ms: number): () => void {
    const cancel = runtime.delay(() => {
      cancels.delete(cancel);
      guarded(callback);
    }, ms);
    cancels.add(cancel);
    return () => {
      cancels.delete(cancel);
      cancel();
    };
  }

  function emit(body: SignalBody): void {
    if (isDisposed) return;
    hold.note(body);
    leaving.note(body);
    recorder.add(body);
    if (body.kind === 'connected') {
      connectedAttempt = attempt;
      stories.fetchJudge();
    }
    if (body.kind === 'engine-opened') openedAttempt = attempt;
    if (body.kind === 'handshake' && body.pingTimeoutMs !== undefined) page?.expectPatience(body.pingTimeoutMs);
    guarded(() => watchOn(body));
    // There may be hundreds of namespaces, which come and go together.
    const concerned = 'namespace' in body ? membersOf(body.namespace) : [...members.keys()];
    for (const member of concerned) guarded(() => member.onSignal(body));
    guarded(() => {
      if ((body.kind === 'engine-closed' && body.opened) || (body.kind === 'connected' && recorder.ended()))
        rememberEnds();
      reactions.react(body);
    });
    if (body.kind !== 'usage') for (const member of concerned) lints.get(member)?.onSignal(body);
  }

  function membersOf(namespace: string): readonly ConnectionMember[] {
    return byNamespace.get(namespace) ?? [];
  }

  /**
   * Which sockets are waiting may have changed. `ping` comes once per heartbeat and is used because no event reports a `connect()` on an
   * open Manager.
   */
  function watchOn(body: SignalBody): void {
    if (body.kind === 'connect-error' && body.source === 'server') connects?.refused(body.namespace);
    if (body.kind === 'connected' || body.kind === 'disconnected') connects?.check(body.namespace);
  }

  function earlierEnds(): readonly EndedConnection[] {
    try {
      return stored.read();
    } catch (error) {
      onInternalError(error);
      return [];
    }
  }

  /**
   * Once it is certain that the page was not being left, which also ends connections; and once for all namespaces that come back together.
   */
  function rememberEnds(): void {
    if (isRemembering) return;
    isRemembering = true;
    later(() => {
      isRemembering = false;
      const ended = recorder.ended();
      if (ended && !leaving.isReason()) stored.write(ended.latest, recorder.at());
    }, LEAVING_GRACE_MS);
  }

  /** Whether the current engine got its handshake. */
  function hasOpened(): boolean {
    return openedAttempt === attempt && attempt > 0;
  }

  function isAway({ socket }: ConnectionMember): boolean {
    // Up to 3.0.4 the socket does not say whether it is active, but its Manager says whether it was told to stop.
    return !socket.connected && (socket.active === undefined ? manager.skipReconnect === true : !socket.active);
  }

  const usage: UsageContext = {
    book,
    recorder,
    target,
    runtime,
    engine: () => manager.engine,
    emit,
    publish: (incident, diagnosis, hints) => stories.publish(incident, diagnosis, true, hints),
    close,
    delay: later,
    onInternalError,
  };

  let page: PageTap | undefined;
  let untapManager = () => {};
  const listen = () => {
    page = tapPage(runtime, emit, target, onInternalError);
    untapManager = tapManager(
      manager,
      {
        onEngine(engine) {
          untapEngine?.();
          attempt += 1;
          recorder.newAttempt();
          emit({ kind: 'attempt-started' });
          connects?.stop();
          connects = watchConnects(engine, emit, {
            sockets: (namespace) =>
              (namespace === undefined ? [...members.keys()] : membersOf(namespace)).map(({ socket }) => socket),
            hasParser: Boolean(manager.opts?.parser),
            monotonicMs: runtime.monotonicMs,
            delay: later,
            onInternalError,
          });
          for (const tap of members.values()) tap?.rearm();
          for (const lint of lints.values()) lint.onEngine(engine);
          untapEngine = tapEngine(engine, emit, {
            describe,
            upgradeWanted: () => {
              const { transports, upgrade } = optionFacts(manager, undefined);
              return upgrade && transports.includes('websocket');
            },
            lacks: runtime.lacks,
            isOnline: runtime.isOnline,
            watchTraffic: () => isWorthWatching(recorder.ended()),
            monotonicMs: runtime.monotonicMs,
            delay: later,
            onInternalError,
            onBeat() {
              connects?.check();
              if (reactions.isWaiting()) reactions.abandonIfAppLeft();
            },
            isRepeatedSid(sid) {
              const isRepeated = sids.has(sid);
              if (sids.size < 1_000) sids.add(sid);
              return isRepeated;
            },
          });
        },
        onReconnectFailed: () => emit({ kind: 'reconnect-failed' }),
        onActivity() {
          for (const tap of members.values()) tap?.rearm();
          if (book.all().length > 0) reactions.abandonIfAppLeft();
        },
      },
      onInternalError,
    );
  };

  function dispose(): void {
    guarded(() => abandon(...book.all().map(({ key }) => key)));
    isDisposed = true;
    hold.release();
    guarded(untapManager);
    guarded(() => untapEngine?.());
    guarded(() => connects?.stop());
    guarded(() => page?.stop());
    for (const cancel of cancels) guarded(cancel);
    cancels.clear();
    onEmpty();
  }

  return {
    get attempt() {
      return attempt;
    },
    join(member) {
      const isFirst = members.size === 0;
      // Known before anything is listened to: a socket that is already connected says so right away.
      members.set(member, undefined);
      const { namespace } = member;
      byNamespace.set(namespace, [...membersOf(namespace), member]);
      guarded(() => {
        if (isFirst) listen();
        const tap = tapSocket(member.socket, emit, {
          describe,
          monotonicMs: runtime.monotonicMs,
          connectSent: () => (hasOpened() ? connects?.sent(member.socket) : undefined),
          refusedInText: () => connects?.refusedInText(member.namespace),
          onInternalError,
        });
        members.set(member, tap);
        connects?.check(namespace);
        if (member.lint) lints.set(member, member.lint.checks.watchUsage(member, member.lint, usage));
      });
      return () => {
        if (!members.has(member)) return;
        lints.get(member)?.stop();
        lints.delete(member);
        const others = membersOf(namespace).filter((other) => other !== member);
        if (members.size === 1) dispose();
        // The others continue; a failure of this socket alone has nobody left to report it to.
        else if (others.length === 0)
          guarded(() =>
            abandon(
              ...book
                .all()
                .filter(({ key, about }) => about.namespace === namespace && !SHARED.includes(key))
                .map(({ key }) => key),
            ),
          );
        members.get(member)?.stop();
        members.delete(member);
        if (others.length > 0) byNamespace.set(namespace, others);
        else byNamespace.delete(namespace);
        guarded(() => connects?.check(namespace));
      };
    },
    current(namespace) {
      const [connection, ...others] = SHARED.map((key) => book.get(key));
      const open = [connection, book.get(`namespace ${namespace}`), ...others].find((incident) => incident);
      return open && book.show(open);
    },
    timeline: () => recorder.snapshot(),
    check: ({ namespace, probe }) => stories.check(namespace, probe?.timeoutMs ?? 5_000),
  };
}
