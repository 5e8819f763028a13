import type { Check } from './checked-socket.js';

/** A socket that has messages to send and is not opened by then is intentionally not opened: a few seconds cover a stored login. */
const WITH_MESSAGES_MS = 10_000;
/** Without messages, it may be waiting for somebody to log in. */
const WITHOUT_MESSAGES_MS = 60_000;

/** Reports that nobody called `connect()` on a socket that was created with `autoConnect: false`. */
export const waitForOpening: Check = ({ socket, monotonicMs, delay, found, isOver }) => {
  const startedMs = monotonicMs();
  let isOpened = false;
  let wasTold = false;
  const look = () => {
    const manager = socket.io;
    // `subs` holds the socket's listeners on its Manager from its first `connect()` to its `disconnect()`; 1.x to 4.x.
    if (isOpened || manager.opts?.autoConnect !== false || socket.connected || socket.active || socket.subs) return;
    const waitedMs = Math.round(monotonicMs() - startedMs);
    const buffered = socket.sendBuffer?.length ?? 0;
    if (buffered === 0 && waitedMs < WITHOUT_MESSAGES_MS) return;
    wasTold = true;
    found({ fact: 'socket-unopened', waitedMs, buffered });
  };
  const cancels = [delay(look, WITH_MESSAGES_MS), delay(look, WITHOUT_MESSAGES_MS)];
  const stop = () => {
    for (const cancel of cancels) cancel();
  };
  return {
    onSignal({ kind }) {
      // It may belong to another namespace's socket; `look` checks this one.
      if (kind === 'connected' && socket.connected) isOpened = true;
      if (!isOpened && !socket.subs && !socket.active) return;
      isOpened = true;
      stop();
      if (wasTold) isOver('socket-never-opened');
      wasTold = false;
    },
    stop,
  };
};
