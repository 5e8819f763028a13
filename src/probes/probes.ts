import type { ProbeName } from '../signals/signal.js';
import { httpCredentials } from './http-credentials.js';
import { httpHandshake } from './http-handshake.js';
import { httpHeaders } from './http-headers.js';
import { httpOtherProtocol } from './http-other-protocol.js';
import { httpReachable } from './http-reachable.js';
import { httpRoot } from './http-root.js';
import { localNetworkPermission } from './local-network-permission.js';
import { namespaceConnect } from './namespace-connect.js';
import { otherPath } from './other-path.js';
import type { Probe } from './probe.js';
import { session } from './session.js';
import { sessionUpgrade } from './session-upgrade.js';
import { swappedScheme } from './swapped-scheme.js';
import { unknownTransport } from './unknown-transport.js';
import { unusedPath } from './unused-path.js';
import { websocketAgain } from './websocket-again.js';
import { websocketHandshake } from './websocket-handshake.js';
import { websocketOtherProtocol } from './websocket-other-protocol.js';

/** Every probe that may be sent, by name. */
export const probes: Readonly<Record<ProbeName, Probe>> = {
  'websocket-handshake': websocketHandshake,
  'websocket-other-protocol': websocketOtherProtocol,
  'http-other-protocol': httpOtherProtocol,
  'websocket-again': websocketAgain,
  'http-reachable': httpReachable,
  'http-handshake': httpHandshake,
  'http-credentials': httpCredentials,
  'http-headers': httpHeaders,
  'http-root': httpRoot,
  'local-network-permission': localNetworkPermission,
  'other-path': otherPath,
  'unused-path': unusedPath,
  'swapped-scheme': swappedScheme,
  'namespace-connect': namespaceConnect,
  'unknown-transport': unknownTransport,
  session,
  'session-upgrade': sessionUpgrade,
};
