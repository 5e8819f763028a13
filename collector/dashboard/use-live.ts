import { useEffect, useState } from 'preact/hooks';
import type { LiveChange } from '../src/server/live-feed.js';
import { addressOf } from './address.js';

export type LiveState = 'live' | 'connecting' | 'reconnecting';

type Listener = (change: LiveChange | 'missed-some') => void;

const changeListeners = new Set<Listener>();
const stateListeners = new Set<(state: LiveState) => void>();
let state: LiveState = 'connecting';
let source: EventSource | undefined;

/** Calls back whenever something was stored, and after each interruption of the connection, when something may have been missed. */
export function useLive(listener: Listener): void {
  useEffect(() => {
    open();
    changeListeners.add(listener);
    return () => void changeListeners.delete(listener);
  }, [listener]);
}

export function useLiveState(): LiveState {
  const [current, setCurrent] = useState(state);
  useEffect(() => {
    open();
    setCurrent(state);
    stateListeners.add(setCurrent);
    return () => void stateListeners.delete(setCurrent);
  }, []);
  return current;
}

/** One connection for the whole page: browsers allow only six to a host over HTTP/1.1. */
function open(): void {
  if (source !== undefined) return;
  let wasReady = false;
  source = new EventSource(addressOf('/api/events'));
  source.addEventListener('ready', () => {
    setState('live');
    if (wasReady) for (const listener of changeListeners) listener('missed-some');
    wasReady = true;
  });
  source.addEventListener('change', (event) => {
    const change: LiveChange = JSON.parse(event.data);
    for (const listener of changeListeners) listener(change);
  });
  source.addEventListener('error', () => {
    setState('reconnecting');
    // An error response, such as a 503 from a proxy, ends an EventSource for good.
    if (source?.readyState === EventSource.CLOSED) {
      source = undefined;
      setTimeout(open, 5000);
    }
  });
}

function setState(next: LiveState): void {
  state = next;
  for (const listener of stateListeners) listener(next);
}
