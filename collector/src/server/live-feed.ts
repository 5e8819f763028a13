import type { ServerResponse } from 'node:http';
import type { StoreChanges } from '../stores/store.js';

/** What one message of the live feed carries. */
export interface LiveChange {
  readonly incidentIds: readonly string[];
  /** More incidents changed than `incidentIds` lists. */
  readonly more: boolean;
  readonly sessions: number;
}

export interface LiveFeed {
  /** How many are listening now. */
  readonly listeners: number;
  /** Streams to an open response until the other end disconnects; false if there are already too many listeners. */
  add(response: ServerResponse): boolean;
  publish(changes: StoreChanges): void;
  close(): void;
}

/** Changes within this time are sent together: a viewer reads again at each message. */
const GATHER_MS = 200;
const HEARTBEAT_MS = 15_000;
const MAX_LISTENERS = 200;
const MAX_IDS = 200;
/** A listener with this much unread is cut off; it reconnects by itself and reads everything again. */
const MAX_UNREAD_BYTES = 256 * 1024;

/** Server-Sent Events about what was stored. */
export function createLiveFeed(): LiveFeed {
  const listeners = new Set<ServerResponse>();
  let incidentIds = new Set<string>();
  let sessions = 0;
  let timer: NodeJS.Timeout | undefined;

  const send = (text: string) => {
    for (const listener of listeners) {
      if (listener.writableLength > MAX_UNREAD_BYTES) listener.destroy();
      else listener.write(text);
    }
  };

  const flush = () => {
    timer = undefined;
    const ids = [...incidentIds];
    const change: LiveChange = { incidentIds: ids.slice(0, MAX_IDS), more: ids.length > MAX_IDS, sessions };
    incidentIds = new Set();
    sessions = 0;
    send(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
  };

  const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
  heartbeat.unref();

  return {
    get listeners() {
      return listeners.size;
    },
    add(response) {
      if (listeners.size >= MAX_LISTENERS) return false;
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
      response.on('error', () => listeners.delete(response));
      response.write('retry: 2000\n\nevent: ready\ndata: {}\n\n');
      return true;
    },
    publish(changes) {
      if (listeners.size === 0 || (changes.incidentIds.length === 0 && changes.sessions === 0)) return;
      for (const id of changes.incidentIds) incidentIds.add(id);
      sessions += changes.sessions;
      timer ??= setTimeout(flush, GATHER_MS);
    },
    close() {
      clearInterval(heartbeat);
      clearTimeout(timer);
      for (const listener of listeners) listener.end();
    },
  };
}
