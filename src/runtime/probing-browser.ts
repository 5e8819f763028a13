import { browserRequest } from './browser-request.js';
import { browserWebSocket } from './browser-websocket.js';
import { globals } from './globals.js';
import type { ProbingRuntime, Runtime } from './runtime.js';

/** The runtime of pages and workers with what probes need. */
export function probingBrowser(runtime: Runtime): ProbingRuntime {
  // Not spread: that would read its getters once and for all.
  return Object.assign(Object.create(runtime) as Runtime, {
    request: browserRequest(runtime),
    openWebSocket: browserWebSocket(runtime),
    permission,
  });
}

const permission: ProbingRuntime['permission'] = async (names) => {
  for (const name of names) {
    try {
      const status = await globals().navigator?.permissions?.query({ name: name as PermissionName });
      if (status) return status.state;
    } catch {
      // A browser rejects names that it does not know.
    }
  }
  return undefined;
};
