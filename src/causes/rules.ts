import { rule as connectionCut } from './connection-cut.js';
import { rule as corsCredentialsNotAllowed } from './cors-credentials-not-allowed.js';
import { rule as corsOriginNotAllowed } from './cors-origin-not-allowed.js';
import { rule as gatewayFailing } from './gateway-failing.js';
import { rule as heartbeatLost } from './heartbeat-lost.js';
import { rule as middlewareRejected } from './middleware-rejected.js';
import { rule as namespaceUnknown } from './namespace-unknown.js';
import { rule as networkOffline } from './network-offline.js';
import { rule as pathMismatch } from './path-mismatch.js';
import { rule as payloadTooLarge } from './payload-too-large.js';
import { rule as serverDisconnectedSocket } from './server-disconnected-socket.js';
import { rule as serverNotAnswering } from './server-not-answering.js';
import { rule as serverNotSocketio } from './server-not-socketio.js';
import { rule as serverPlainWebsocket } from './server-plain-websocket.js';
import { rule as serverUnreachable } from './server-unreachable.js';
import { rule as serverWentDown } from './server-went-down.js';
import { rule as sessionNotSticky } from './session-not-sticky.js';
import { rule as versionClientTooNew } from './version-client-too-new.js';
import { rule as versionClientTooOld } from './version-client-too-old.js';
import { rule as websocketBlocked } from './websocket-blocked.js';

/** Every cause of the catalogue but the fallback, sorted by code. */
export const rules = [
  connectionCut,
  corsCredentialsNotAllowed,
  corsOriginNotAllowed,
  gatewayFailing,
  heartbeatLost,
  middlewareRejected,
  namespaceUnknown,
  networkOffline,
  pathMismatch,
  payloadTooLarge,
  serverDisconnectedSocket,
  serverNotAnswering,
  serverNotSocketio,
  serverPlainWebsocket,
  serverUnreachable,
  serverWentDown,
  sessionNotSticky,
  versionClientTooNew,
  versionClientTooOld,
  websocketBlocked,
] as const;
