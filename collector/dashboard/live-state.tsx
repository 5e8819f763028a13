import { useMemo } from 'preact/hooks';
import { formatMinute } from './format-time.js';
import { useLiveState } from './use-live.js';

/** Whether the page is live; if not, since when it has been standing still. */
export function LiveState() {
  const state = useLiveState();
  const lostAt = useMemo(() => (state === 'reconnecting' ? formatMinute(Date.now()) : ''), [state]);
  const words = { live: 'Live', connecting: 'Connecting…', reconnecting: `Reconnecting, data as of ${lostAt}` }[state];
  return (
    <span class={`live live-${state}`} role="status">
      {words}
    </span>
  );
}
