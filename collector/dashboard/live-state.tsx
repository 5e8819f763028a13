import { useMemo } from 'preact/hooks';
import { formatMinute } from './format-time.js';
import { useLiveState } from './use-live.js';

/** Whether the page follows what comes; if not, since when it stands still. */
export function LiveState() {
  const state = useLiveState();
  const lostAt = useMemo(() => (state === 'reconnecting' ? formatMinute(Date.now()) : ''), [state]);
  const words = { live: 'Live', connecting: 'Connecting…', reconnecting: `Reconnecting, as of ${lostAt}` }[state];
  return (
    <span class={`live live-${state}`} role="status">
      {words}
    </span>
  );
}
