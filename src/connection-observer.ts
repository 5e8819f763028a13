import type { AnyDiagnosis } from './diagnosis/diagnosis.js';
import { isWorthWatching } from './diagnosis/is-worth-watching.js';
import { createIncidentStories, LEAVING_GRACE_MS, SHARED, type StoryListener } from './incident-stories.js';
import type { Incident } from './incidents/incident.js';
import type { OpenIncident } from './incidents/incident-book.js';
import type { Judges } from './judges.js';
import type { RunningCheck } from './lint/checked-socket.js';
import type { ConnectionRegister } from './lint/connection-register.js';
import type { ProbeLimits } from './probes/probe-budget.js';
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
import { tapPage } from './signals/tap-page.js';
import { type SocketTap, tapSocket } from './signals/tap-socket.js';
import type { Timeline } from './signals/timeline.js';
import { createTimelineRecorder } from './signals/timeline-recorder.js';
import { type ConnectWatch, watchConnects } from './signals/watch-connects.js';
import type { UsageChecks } from './usage-checks.js';
import type { UsageContext } from './watch-usage.js';

/** What a socket of the connection wants to be told. */
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
  /** Frame of the app's code that made the socket, where the runtime tells. */
  readonly madeAt: string | undefined;
}

export interface ConnectionObserver {
  join(member: ConnectionMember): () => void;
  current(namespace: string): Incident | undefined;
  timeline(): Timeline;
  readonly attempt: number;
  /** Asks every question that can be asked here. */
  check(
    member: Pick<ConnectionMember, 'namespace' | 'probe'>,
  ): Promise<{ readonly probes: ProbeResult[]; readonly diagnosis: AnyDiagnosis | undefined }>;
}

export interface ObservedPage {
  readonly runtime: Runtime;
  readonly judges: Judges;
  /** Shared by all that are watched in it. */
  readonly polling: Map<object, string>;
}

/** WebKit keeps a page that is left together with its connection and shows that this was cut only once the page is back. */
const RETURN_GRACE_MS = 2_000;

/**
 * Watches one Manager: its engines, its sockets and the page become one timeline, and what fails there becomes the stories of
 * incidents. Sockets that share the Manager share it.
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
  /** The attempt on which a socket of ours was connected last. */
  let connectedAttempt = 0;
  /** The last attempt whose engine opened. */
  let openedAttempt = 0;
  let isLeaving = false;
  /** By the last handshake; without one nothing can be said. */
  let isUpgradeOffered = true;
  let isRemembering = false;
  /** The attempt on which the page was left last, and when it came back. */
  let left: { readonly attempt: number; readonly returnedAt: number } | undefined;
  let isDisposed = false;

  const target = () => targetFacts(manager, runtime.page);
  const describe: DescribeError = (error, engine) => describeError(error, target(), engine, runtime);
  const stored = createStoredEnds(runtime.storage, runtime.now, target);
  const recorder = createTimelineRecorder(
    runtime.monotonicMs,
    () => {
      const socket = [...members.keys()][0]?.socket ?? first;
      return {
        runtime: {
          ...runtimeFacts(runtime),
          ...(runtime.hasServiceWorker?.() && { serviceWorker: true as const }),
          ...pollingElsewhere(),
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
    // Sockets of one Manager share its connection and its questions: who forbids them forbids them for all.
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
    isLeaving: (phase) => (phase === 'session' ? isByLeaving() : isLeaving),
    isDisposed: () => isDisposed,
    onClosed: (incident) => overdue.delete(incident),
    delay: later,
    guarded,
    onInternalError,
  });
  const { book, fail, tellBeside, resolve, abandon, close, scheduleJudge } = stories;
  /** Incidents of namespaces that wait for their connection while the session stands. */
  const overdue = new Set<OpenIncident>();
  /** Whatever goes wrong in one part must not keep the others from being told. */
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

  /** From the opening to the upgrade or the end: then a poll is always under way. */
  function noteHold(body: SignalBody): void {
    if (body.kind === 'engine-opened' && body.transport === 'polling') polling.set(manager, hostOf(target()));
    else if (body.kind === 'upgraded' || body.kind === 'engine-closed') polling.delete(manager);
  }

  function pollingElsewhere(): { readonly pollingElsewhere?: number } {
    const host = hostOf(target());
    const others = [...polling].filter(([one, held]) => one !== manager && held === host).length;
    return runtime.kind !== 'node' && others > 0 ? { pollingElsewhere: others } : {};
  }

  function emit(body: SignalBody): void {
    if (isDisposed) return;
    noteHold(body);
    recorder.add(body);
    if (body.kind === 'connected') {
      connectedAttempt = attempt;
      stories.fetchJudge();
    }
    if (body.kind === 'engine-opened') openedAttempt = attempt;
    guarded(() => watchOn(body));
    // There may be hundreds of namespaces, which come and go together.
    const concerned = 'namespace' in body ? membersOf(body.namespace) : [...members.keys()];
    for (const member of concerned) guarded(() => member.onSignal(body));
    guarded(() => react(body));
    if (body.kind !== 'usage') for (const member of concerned) lints.get(member)?.onSignal(body);
  }

  function membersOf(namespace: string): readonly ConnectionMember[] {
    return byNamespace.get(namespace) ?? [];
  }

  /** Which sockets wait may have changed; `ping` comes once in a heartbeat, because no event tells of a `connect()` on an open Manager. */
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
   * Once it is certain that the page was not being left, which ends connections, too; and once for all namespaces that come back
   * together.
   */
  function rememberEnds(): void {
    if (isRemembering) return;
    isRemembering = true;
    later(() => {
      isRemembering = false;
      const ended = recorder.ended();
      if (ended && !isByLeaving()) stored.write(ended.latest, recorder.at());
    }, LEAVING_GRACE_MS);
  }

  function react(body: SignalBody): void {
    if ((body.kind === 'engine-closed' && body.opened) || (body.kind === 'connected' && recorder.ended()))
      rememberEnds();
    switch (body.kind) {
      case 'connect-overdue': {
        // Over WebSocket a server of 1.x or 2.x opens and the socket says at once that it cannot talk to it: the story is told already.
        if (book.get('connection')?.lastFailedAttempt === attempt) return;
        fail(`namespace ${body.namespace}`, 'namespace', body.namespace);
        const incident = book.get(`namespace ${body.namespace}`);
        if (incident) overdue.add(incident);
        return;
      }
      case 'connect-error':
        if (body.source === 'server') {
          // Whoever refuses was reached: the connection is back.
          resolve('connection');
          const waiting = book.get(`namespace ${body.namespace}`);
          // A refusal is an answer, however late: from now on it is the story.
          if (waiting) overdue.delete(waiting);
          fail(`namespace ${body.namespace}`, 'namespace', body.namespace);
        } else fail('connection', 'connect', body.namespace);
        return;
      case 'transport-unopened':
        // Where only the constructor threw, the client's time limit or the page tells more.
        if (body.missing) fail('connection', 'connect', primaryNamespace());
        return;
      case 'engine-closed': {
        if (body.reason === 'forced close') {
          abandonIfAppLeft();
          return;
        }
        const upgrade = book.get('upgrade');
        if (upgrade && upgrade.revision === 0) book.close(upgrade, 'abandoned');
        // The server ends a session without a namespace after its `connectTimeout`: the story is known already.
        if (overdue.size > 0 && connectedAttempt !== attempt && body.opened) return;
        fail('connection', connectedAttempt === attempt ? 'session' : 'connect', primaryNamespace());
        return;
      }
      case 'disconnected':
        if (body.reason === 'io client disconnect') abandon('connection', `namespace ${body.namespace}`);
        else if (body.reason === 'io server disconnect') fail(`namespace ${body.namespace}`, 'session', body.namespace);
        // `forced close` is always this client's own act: the app disconnected and connected again in one go.
        else if (!body.hadConnected && body.reason !== 'forced close') {
          const incident = book.get(`namespace ${body.namespace}`);
          if (incident && overdue.has(incident)) scheduleJudge(incident);
          else fail('connection', 'connect', body.namespace);
        } else if (body.reason === 'parse error') fail('connection', 'session', body.namespace);
        return;
      case 'connected':
        resolve('connection', 'reconnection', `namespace ${body.namespace}`);
        if (body.recovered === false) tellBeside('recovery', 'session', body.namespace);
        // Known before the judge is: most pages connect over polling, and none that is offered an upgrade needs the judge for that.
        if (body.transport === 'polling' && !isUpgradeOffered && !book.get('upgrade-offer'))
          tellBeside('upgrade-offer', 'upgrade', body.namespace);
        return;
      case 'handshake':
        isUpgradeOffered = body.transport !== 'polling' || body.upgrades.includes('websocket');
        if (isUpgradeOffered) resolve('upgrade-offer');
        return;
      case 'upgrade-failed':
        if (body.how !== 'engine-closed') fail('upgrade', 'upgrade', primaryNamespace());
        return;
      case 'upgrade-overdue':
        fail('upgrade', 'upgrade', primaryNamespace());
        return;
      case 'upgraded':
        resolve('upgrade');
        return;
      case 'reconnect-failed':
        tellBeside('reconnection', 'connect', primaryNamespace());
        return;
      case 'websocket-closed': {
        const incident = book.get('connection');
        if (incident) scheduleJudge(incident);
        return;
      }
    }
  }

  /** Whether the present engine got its handshake. */
  function hasOpened(): boolean {
    return openedAttempt === attempt && attempt > 0;
  }

  function primaryNamespace(): string {
    return [...members.keys()][0]?.namespace ?? '/';
  }

  /** Whether what ends now ends because the page is, or was, left. */
  function isByLeaving(): boolean {
    return isLeaving || (left?.attempt === attempt && recorder.at() - left.returnedAt < RETURN_GRACE_MS);
  }

  /**
   * The app called `disconnect()` while the client was still trying: no event tells it but the forced close of the engine, or of the
   * Manager between two attempts (4.4 and later).
   */
  function abandonIfAppLeft(): void {
    later(() => {
      // Up to 3.0.4 the socket does not say whether it is active, but its Manager says whether it was told to stop.
      const isAway = ({ socket }: ConnectionMember) =>
        !socket.connected && (socket.active === undefined ? manager.skipReconnect === true : !socket.active);
      if ([...members.keys()].every(isAway)) {
        const refused = book
          .all()
          .some(
            (incident) =>
              !overdue.has(incident) && (incident.about.phase === 'namespace' || incident.about.phase === 'session'),
          );
        if (!refused) abandon('connection', 'upgrade', 'reconnection', 'upgrade-offer');
      }
      for (const incident of overdue) {
        if (membersOf(incident.about.namespace).every(isAway)) close(incident, 'abandoned');
      }
    }, 0);
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

  let untapPage = () => {};
  let untapManager = () => {};
  const listen = () => {
    untapPage = tapPage(
      runtime,
      (signal) => {
        if (signal.kind === 'page' && signal.event === 'left') isLeaving = true;
        if (signal.kind === 'page' && signal.event === 'returned') {
          isLeaving = false;
          left = { attempt, returnedAt: recorder.at() };
        }
        emit(signal);
      },
      target,
      onInternalError,
    );
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
              if (overdue.size > 0) abandonIfAppLeft();
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
          if (book.all().length > 0) abandonIfAppLeft();
        },
      },
      onInternalError,
    );
  };

  function dispose(): void {
    guarded(() => abandon(...book.all().map(({ key }) => key)));
    isDisposed = true;
    polling.delete(manager);
    guarded(untapManager);
    guarded(() => untapEngine?.());
    guarded(() => connects?.stop());
    guarded(untapPage);
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
      // Known before anything is listened to: a socket that is connected already tells so at once.
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
        // The others go on; what was only this socket's failure has nobody left to be told to.
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

function hostOf({ host, port }: Timeline['target']): string {
  return `${host}:${port}`;
}
