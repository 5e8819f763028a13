import { rule as authCallbackHanging } from './auth-callback-hanging.js';
import { rule as browserPortBlocked } from './browser-port-blocked.js';
import { rule as cleartextBlocked } from './cleartext-blocked.js';
import { rule as connectionCut } from './connection-cut.js';
import { rule as connectionFlapping } from './connection-flapping.js';
import { rule as connectionLimitReached } from './connection-limit-reached.js';
import { rule as connectionMaxDuration } from './connection-max-duration.js';
import { rule as corsCredentialsNotAllowed } from './cors-credentials-not-allowed.js';
import { rule as corsHeaderNotAllowed } from './cors-header-not-allowed.js';
import { rule as corsOriginNotAllowed } from './cors-origin-not-allowed.js';
import { rule as cspBlocked } from './csp-blocked.js';
import { rule as gatewayFailing } from './gateway-failing.js';
import { rule as heartbeatLost } from './heartbeat-lost.js';
import { rule as heartbeatTooTight } from './heartbeat-too-tight.js';
import { rule as localNetworkAccessBlocked } from './local-network-access-blocked.js';
import { rule as localhostFromElsewhere } from './localhost-from-elsewhere.js';
import { rule as middlewareRejected } from './middleware-rejected.js';
import { rule as mixedContentBlocked } from './mixed-content-blocked.js';
import { rule as namespaceNotAnswering } from './namespace-not-answering.js';
import { rule as namespaceUnknown } from './namespace-unknown.js';
import { rule as networkChanged } from './network-changed.js';
import { rule as networkOffline } from './network-offline.js';
import { rule as packetInvalid } from './packet-invalid.js';
import { rule as pageSuspended } from './page-suspended.js';
import { rule as parserMismatch } from './parser-mismatch.js';
import { rule as pathMismatch } from './path-mismatch.js';
import { rule as payloadTooLarge } from './payload-too-large.js';
import { rule as payloadUploadTooSlow } from './payload-upload-too-slow.js';
import { rule as proxyIdleTimeout } from './proxy-idle-timeout.js';
import { rule as reconnectionExhausted } from './reconnection-exhausted.js';
import { rule as recoveryFailed } from './recovery-failed.js';
import { rule as requestBlockedByClient } from './request-blocked-by-client.js';
import { rule as requestForbidden } from './request-forbidden.js';
import { rule as requestRateLimited } from './request-rate-limited.js';
import { rule as requestRedirected } from './request-redirected.js';
import { rule as requestUnauthorized } from './request-unauthorized.js';
import { rule as responseAltered } from './response-altered.js';
import { rule as responseCached } from './response-cached.js';
import { rule as serverClosedConnection } from './server-closed-connection.js';
import { rule as serverDisconnectedSocket } from './server-disconnected-socket.js';
import { rule as serverErrorResponse } from './server-error-response.js';
import { rule as serverNotAnswering } from './server-not-answering.js';
import { rule as serverNotSocketio } from './server-not-socketio.js';
import { rule as serverOnServerless } from './server-on-serverless.js';
import { rule as serverPlainWebsocket } from './server-plain-websocket.js';
import { rule as serverRefusedRequest } from './server-refused-request.js';
import { rule as serverUnreachable } from './server-unreachable.js';
import { rule as serverWentDown } from './server-went-down.js';
import { rule as sessionLost } from './session-lost.js';
import { rule as sessionNotSticky } from './session-not-sticky.js';
import { rule as tlsCertificateRejected } from './tls-certificate-rejected.js';
import { rule as tlsSchemeMismatch } from './tls-scheme-mismatch.js';
import { rule as transportNotAvailable } from './transport-not-available.js';
import { rule as transportNotEnabled } from './transport-not-enabled.js';
import { rule as urlMalformed } from './url-malformed.js';
import { rule as versionClientTooNew } from './version-client-too-new.js';
import { rule as versionClientTooOld } from './version-client-too-old.js';
import { rule as websocketBlocked } from './websocket-blocked.js';
import { rule as websocketHandledTwice } from './websocket-handled-twice.js';
import { rule as websocketNotOffered } from './websocket-not-offered.js';

/** Every cause of the catalogue but the fallback, sorted by code. */
export const rules = [
  authCallbackHanging,
  browserPortBlocked,
  cleartextBlocked,
  connectionCut,
  connectionFlapping,
  connectionLimitReached,
  connectionMaxDuration,
  corsCredentialsNotAllowed,
  corsHeaderNotAllowed,
  corsOriginNotAllowed,
  cspBlocked,
  gatewayFailing,
  heartbeatLost,
  heartbeatTooTight,
  localNetworkAccessBlocked,
  localhostFromElsewhere,
  middlewareRejected,
  mixedContentBlocked,
  namespaceNotAnswering,
  namespaceUnknown,
  networkChanged,
  networkOffline,
  packetInvalid,
  pageSuspended,
  parserMismatch,
  pathMismatch,
  payloadTooLarge,
  payloadUploadTooSlow,
  proxyIdleTimeout,
  reconnectionExhausted,
  recoveryFailed,
  requestBlockedByClient,
  requestForbidden,
  requestRateLimited,
  requestRedirected,
  requestUnauthorized,
  responseAltered,
  responseCached,
  serverClosedConnection,
  serverDisconnectedSocket,
  serverErrorResponse,
  serverNotAnswering,
  serverNotSocketio,
  serverOnServerless,
  serverPlainWebsocket,
  serverRefusedRequest,
  serverUnreachable,
  serverWentDown,
  sessionLost,
  sessionNotSticky,
  tlsCertificateRejected,
  tlsSchemeMismatch,
  transportNotAvailable,
  transportNotEnabled,
  urlMalformed,
  versionClientTooNew,
  versionClientTooOld,
  websocketBlocked,
  websocketHandledTwice,
  websocketNotOffered,
] as const;
