import type { Text } from '../diagnosis/text.js';
import { text as authCallbackHanging } from './auth-callback-hanging.js';
import { text as browserPortBlocked } from './browser-port-blocked.js';
import { text as cleartextBlocked } from './cleartext-blocked.js';
import { text as connectionCut } from './connection-cut.js';
import { text as connectionFlapping } from './connection-flapping.js';
import { text as connectionLimitReached } from './connection-limit-reached.js';
import { text as connectionMaxDuration } from './connection-max-duration.js';
import { text as connectionsDuplicated } from './connections-duplicated.js';
import { text as corsCredentialsNotAllowed } from './cors-credentials-not-allowed.js';
import { text as corsHeaderNotAllowed } from './cors-header-not-allowed.js';
import { text as corsOriginNotAllowed } from './cors-origin-not-allowed.js';
import { text as cspBlocked } from './csp-blocked.js';
import { text as gatewayFailing } from './gateway-failing.js';
import { text as heartbeatLost } from './heartbeat-lost.js';
import { text as heartbeatTooTight } from './heartbeat-too-tight.js';
import { text as listenersDuplicated } from './listeners-duplicated.js';
import { text as localNetworkAccessBlocked } from './local-network-access-blocked.js';
import { text as localhostFromElsewhere } from './localhost-from-elsewhere.js';
import { text as middlewareRejected } from './middleware-rejected.js';
import { text as mixedContentBlocked } from './mixed-content-blocked.js';
import { text as namespaceNotAnswering } from './namespace-not-answering.js';
import { text as namespaceUnknown } from './namespace-unknown.js';
import { text as networkChanged } from './network-changed.js';
import { text as networkOffline } from './network-offline.js';
import { text as optionUnknown } from './option-unknown.js';
import { text as optionWithoutEffect } from './option-without-effect.js';
import { text as packetInvalid } from './packet-invalid.js';
import { text as pageSuspended } from './page-suspended.js';
import { text as parserMismatch } from './parser-mismatch.js';
import { text as pathMismatch } from './path-mismatch.js';
import { text as payloadTooLarge } from './payload-too-large.js';
import { text as payloadUploadTooSlow } from './payload-upload-too-slow.js';
import { text as proxyIdleTimeout } from './proxy-idle-timeout.js';
import { text as reconnectionExhausted } from './reconnection-exhausted.js';
import { text as recoveryFailed } from './recovery-failed.js';
import { text as requestBlockedByClient } from './request-blocked-by-client.js';
import { text as requestForbidden } from './request-forbidden.js';
import { text as requestRateLimited } from './request-rate-limited.js';
import { text as requestRedirected } from './request-redirected.js';
import { text as requestUnauthorized } from './request-unauthorized.js';
import { text as responseAltered } from './response-altered.js';
import { text as responseCached } from './response-cached.js';
import { text as serverClosedConnection } from './server-closed-connection.js';
import { text as serverDisconnectedSocket } from './server-disconnected-socket.js';
import { text as serverErrorResponse } from './server-error-response.js';
import { text as serverHandlerRegisteredLate } from './server-handler-registered-late.js';
import { text as serverNotAnswering } from './server-not-answering.js';
import { text as serverNotSocketio } from './server-not-socketio.js';
import { text as serverOnServerless } from './server-on-serverless.js';
import { text as serverPlainWebsocket } from './server-plain-websocket.js';
import { text as serverRefusedRequest } from './server-refused-request.js';
import { text as serverUnreachable } from './server-unreachable.js';
import { text as serverWentDown } from './server-went-down.js';
import { text as sessionLost } from './session-lost.js';
import { text as sessionNotSticky } from './session-not-sticky.js';
import { text as socketIdAsIdentity } from './socket-id-as-identity.js';
import { text as socketNeverOpened } from './socket-never-opened.js';
import { text as tlsCertificateRejected } from './tls-certificate-rejected.js';
import { text as tlsSchemeMismatch } from './tls-scheme-mismatch.js';
import { text as transportNotAvailable } from './transport-not-available.js';
import { text as transportNotEnabled } from './transport-not-enabled.js';
import { text as unclassified } from './unclassified.js';
import { text as urlMalformed } from './url-malformed.js';
import { text as urlMissing } from './url-missing.js';
import { text as versionClientTooNew } from './version-client-too-new.js';
import { text as versionClientTooOld } from './version-client-too-old.js';
import { text as websocketBlocked } from './websocket-blocked.js';
import { text as websocketHandledTwice } from './websocket-handled-twice.js';
import { text as websocketNotOffered } from './websocket-not-offered.js';

/** The prose of every cause, by code. */
export const texts: Readonly<Record<string, Text<never>>> = {
  'auth-callback-hanging': authCallbackHanging,
  'browser-port-blocked': browserPortBlocked,
  'cleartext-blocked': cleartextBlocked,
  'connection-cut': connectionCut,
  'connection-flapping': connectionFlapping,
  'connection-limit-reached': connectionLimitReached,
  'connection-max-duration': connectionMaxDuration,
  'connections-duplicated': connectionsDuplicated,
  'cors-credentials-not-allowed': corsCredentialsNotAllowed,
  'cors-header-not-allowed': corsHeaderNotAllowed,
  'cors-origin-not-allowed': corsOriginNotAllowed,
  'csp-blocked': cspBlocked,
  'gateway-failing': gatewayFailing,
  'heartbeat-lost': heartbeatLost,
  'heartbeat-too-tight': heartbeatTooTight,
  'listeners-duplicated': listenersDuplicated,
  'local-network-access-blocked': localNetworkAccessBlocked,
  'localhost-from-elsewhere': localhostFromElsewhere,
  'middleware-rejected': middlewareRejected,
  'mixed-content-blocked': mixedContentBlocked,
  'namespace-not-answering': namespaceNotAnswering,
  'namespace-unknown': namespaceUnknown,
  'network-changed': networkChanged,
  'network-offline': networkOffline,
  'option-unknown': optionUnknown,
  'option-without-effect': optionWithoutEffect,
  'packet-invalid': packetInvalid,
  'page-suspended': pageSuspended,
  'parser-mismatch': parserMismatch,
  'path-mismatch': pathMismatch,
  'payload-too-large': payloadTooLarge,
  'payload-upload-too-slow': payloadUploadTooSlow,
  'proxy-idle-timeout': proxyIdleTimeout,
  'reconnection-exhausted': reconnectionExhausted,
  'recovery-failed': recoveryFailed,
  'request-blocked-by-client': requestBlockedByClient,
  'request-forbidden': requestForbidden,
  'request-rate-limited': requestRateLimited,
  'request-redirected': requestRedirected,
  'request-unauthorized': requestUnauthorized,
  'response-altered': responseAltered,
  'response-cached': responseCached,
  'server-closed-connection': serverClosedConnection,
  'server-disconnected-socket': serverDisconnectedSocket,
  'server-error-response': serverErrorResponse,
  'server-handler-registered-late': serverHandlerRegisteredLate,
  'server-not-answering': serverNotAnswering,
  'server-not-socketio': serverNotSocketio,
  'server-on-serverless': serverOnServerless,
  'server-plain-websocket': serverPlainWebsocket,
  'server-refused-request': serverRefusedRequest,
  'server-unreachable': serverUnreachable,
  'server-went-down': serverWentDown,
  'session-lost': sessionLost,
  'session-not-sticky': sessionNotSticky,
  'socket-id-as-identity': socketIdAsIdentity,
  'socket-never-opened': socketNeverOpened,
  'tls-certificate-rejected': tlsCertificateRejected,
  'tls-scheme-mismatch': tlsSchemeMismatch,
  'transport-not-available': transportNotAvailable,
  'transport-not-enabled': transportNotEnabled,
  unclassified: unclassified,
  'url-malformed': urlMalformed,
  'url-missing': urlMissing,
  'version-client-too-new': versionClientTooNew,
  'version-client-too-old': versionClientTooOld,
  'websocket-blocked': websocketBlocked,
  'websocket-handled-twice': websocketHandledTwice,
  'websocket-not-offered': websocketNotOffered,
};
