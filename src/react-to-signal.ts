import type { IncidentStories } from './incident-stories.js';
import type { OpenIncident } from './incidents/incident-book.js';
import type { SignalBody } from './signals/signal.js';

export interface ReactionContext {
  readonly stories: IncidentStories;
  /** Number of the current engine. */
  attempt(): number;
  /** The current engine has neither opened nor failed. */
  isOpening(): boolean;
  /** A socket of ours has connected on the current engine. */
  hasConnected(): boolean;
  primaryNamespace(): string;
  /** The app wants no socket of this namespace connected, or none at all. */
  isLeftByApp(namespace?: string): boolean;
  delay(callback: () => void, ms: number): void;
}

/** What each signal of a connection means for its incidents: which one starts, continues, or is over. */
export interface Reactions {
  react(body: SignalBody): void;
  /**
   * The app called `disconnect()` while the client was still trying: the only sign of it is the forced close of the engine, or of the
   * Manager between two attempts (4.4 and later).
   */
  abandonIfAppLeft(): void;
  /** Namespaces wait for their connection while the session is up. */
  isWaiting(): boolean;
  /** The incident is closed. */
  forget(incident: OpenIncident): void;
}

export function createReactions(context: ReactionContext): Reactions {
  const { stories, attempt, primaryNamespace, isLeftByApp } = context;
  const { book, fail, tellBeside, resolve, abandon, close, scheduleJudge } = stories;
  /** Incidents of namespaces that wait for their connection while the session is up. */
  const overdue = new Set<OpenIncident>();
  /** According to the last handshake; without one, nothing can be said. */
  let isUpgradeOffered = true;

  function abandonIfAppLeft(): void {
    context.delay(() => {
      if (isLeftByApp()) {
        // A refused socket is not active either, but the app did not disconnect it.
        const refused = book
          .all()
          .some((incident) => !overdue.has(incident) && incident.key === `namespace ${incident.about.namespace}`);
        if (!refused) abandon('connection', 'upgrade', 'reconnection', 'upgrade-offer');
      }
      for (const incident of overdue) if (isLeftByApp(incident.about.namespace)) close(incident, 'abandoned');
    }, 0);
  }

  function react(body: SignalBody): void {
    switch (body.kind) {
      case 'connect-overdue': {
        // Over WebSocket, a server of 1.x or 2.x opens and the socket immediately says that it cannot talk to it: that has already been
        // reported.
        if (book.get('connection')?.lastFailedAttempt === attempt()) return;
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
          // A refusal is a response, however late: from now on, it is the story.
          if (waiting) overdue.delete(waiting);
          fail(`namespace ${body.namespace}`, 'namespace', body.namespace);
        } else fail('connection', 'connect', body.namespace);
        return;
      case 'transport-unopened':
        // If only the constructor threw, the client's time limit or the page says more.
        if (body.missing) fail('connection', 'connect', primaryNamespace());
        return;
      case 'engine-closed': {
        if (body.reason === 'forced close') {
          abandonIfAppLeft();
          return;
        }
        const upgrade = book.get('upgrade');
        if (upgrade && upgrade.revision === 0) book.close(upgrade, 'abandoned');
        // The server ends a session without a namespace after its `connectTimeout`: that story is already known.
        if (overdue.size > 0 && !context.hasConnected() && body.opened) return;
        fail('connection', context.hasConnected() ? 'session' : 'connect', primaryNamespace());
        return;
      }
      case 'disconnected':
        if (body.reason === 'io client disconnect') abandon('connection', `namespace ${body.namespace}`);
        else if (body.reason === 'io server disconnect') fail(`namespace ${body.namespace}`, 'session', body.namespace);
        // `forced close` is always the client's own doing: the app disconnected and reconnected in one go. If the next engine is still
        // opening, the previous one ended, late because it had much to send (3.x passes its end on to the new socket).
        else if (!body.hadConnected && body.reason !== 'forced close' && !context.isOpening()) {
          const incident = book.get(`namespace ${body.namespace}`);
          if (incident && overdue.has(incident)) scheduleJudge(incident);
          else fail('connection', 'connect', body.namespace);
        } else if (body.reason === 'parse error') fail('connection', 'session', body.namespace);
        return;
      case 'connected':
        resolve('connection', 'reconnection', `namespace ${body.namespace}`);
        if (body.recovered === false) tellBeside('recovery', 'session', body.namespace);
        // Known before the judge is loaded: most pages connect over polling, and a page that is offered an upgrade does not need the judge
        // for that.
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

  return {
    react,
    abandonIfAppLeft,
    isWaiting: () => overdue.size > 0,
    forget: (incident) => overdue.delete(incident),
  };
}
