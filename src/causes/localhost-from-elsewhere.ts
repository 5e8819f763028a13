import { addressSpace } from '../diagnosis/address-space.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Facts } from '../diagnosis/facts.js';
import { isHeldBack } from '../diagnosis/is-held-back.js';
import { mixedContent } from '../diagnosis/mixed-content.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export interface Details {
  /** Host name in the socket's URL. */
  readonly host: string;
  /** Where the client runs instead. */
  readonly clientIsOn: 'device' | 'page-of-another-host';
}

/** The developer's machine as seen from the emulators of Android Studio and Genymotion, and from nowhere else. */
const EMULATOR_HOSTS = ['10.0.2.2', '10.0.3.2'];
/** Pages that are bundled with an app (Capacitor and Ionic on iOS): what runs there runs on the device. */
const APP_SCHEMES = ['capacitor:', 'ionic:'];

export const rule: Rule<'localhost-from-elsewhere', Details> = {
  code: 'localhost-from-elsewhere',
  title: "The URL points to localhost, which is the client's own machine",
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'common',
  isSetup: true,
  since: '0.1.0',
  docs: '/docs/v4/client-initialization/#from-a-different-domain',
  needs: ['local-network-permission', 'websocket-handshake', 'http-reachable', 'http-root'],
  yieldsTo: ['network-offline', 'mixed-content-blocked', 'csp-blocked', 'browser-port-blocked', 'cleartext-blocked'],
  match(facts) {
    const failure = facts.connecting;
    const clientIsOn = whereClientIs(facts);
    if (!failure || !clientIsOn || failure.handshake) return undefined;
    const { platform } = failure.error;
    // Something responded at this address: then the client is where the URL says, or a tunnel leads there.
    if (failure.error.status || failure.error.body || platform === 'cleartext') return undefined;
    const probes = (['websocket-handshake', 'http-reachable', 'http-root'] as const).map((name) => facts.probe(name));
    if (probes.some((probe) => probe?.answer === 'yes')) return undefined;
    const [websocket, http, root] = probes;
    const isDead = http?.answer === 'no' && websocket?.websocket?.result === 'rejected' && root?.answer === 'no';
    // What the browser holds back may exist, and a device does not tell a page or a WebSocket what it forbids.
    const isRefused =
      clientIsOn === 'device' ? platform === 'refused' : isDead && !isHeldBack(facts) && mixedContent(facts) === 'no';
    const details = { host: facts.target.host, clientIsOn };
    return {
      certainty: isRefused ? 'confirmed' : 'suspected',
      // As a class: a server may be intended to run next to the client and be down.
      asClass: true,
      likelihood: 'likely',
      details,
      evidence: [
        evidence(
          clientIsOn === 'device'
            ? `The client runs on a device, where ${details.host} ${EMULATOR_HOSTS.includes(details.host) ? 'is your computer only in an emulator' : 'is the device itself'}.`
            : `The page comes from ${facts.runtime.pageHost}, and ${details.host} is the visitor's machine.`,
          failure.signal,
        ),
        ...(isDead && http ? [evidence('Nothing responded there.', http)] : []),
      ],
    };
  },
};

function whereClientIs({ runtime, target }: Facts): Details['clientIsOn'] | undefined {
  const isOwn = addressSpace(target.host) === 'loopback';
  const isEmulator = EMULATOR_HOSTS.includes(target.host);
  if (runtime.kind === 'react-native') return isOwn || isEmulator ? 'device' : undefined;
  if (runtime.pageScheme !== undefined && APP_SCHEMES.includes(runtime.pageScheme))
    return isOwn || isEmulator ? 'device' : undefined;
  // Pages without a host (file:, extensions) may run anywhere, including next to the server.
  if (!isOwn || !runtime.pageHost || !runtime.pageScheme?.startsWith('http')) return undefined;
  return addressSpace(runtime.pageHost.replace(/:\d+$/, '')) === 'loopback' ? undefined : 'page-of-another-host';
}

export const text: Text<Details> = {
  summary:
    'The URL of the socket points to `localhost` or `127.0.0.1`, which is always the machine that the client runs on, not the one that the server runs on: visitors of a published page do not have your server on their machine, and on a phone, localhost is the phone itself. (`10.0.2.2` is your computer, but only in the Android emulator.)',
  remedy: ({ host, clientIsOn }) =>
    clientIsOn === 'device'
      ? `Replace ${host} with an address that the device can reach: during development, your machine's address on the local network (in the Android emulator, \`10.0.2.2\` is your machine, and \`adb reverse tcp:3000 tcp:3000\` makes localhost work on Android); in a release, the server's public address.`
      : `Use the server's public address instead of ${host}, for example from a build setting, or omit the URL if the page and the server share an origin.`,
  snippet: () => 'const socket = io(import.meta.env.VITE_SOCKET_URL); // not http://localhost:3000',
  see: [
    {
      title: 'From a different domain',
      url: 'https://socket.io/docs/v4/client-initialization/#from-a-different-domain',
    },
    { title: 'Connection URL in React Native', url: 'https://socket.io/how-to/use-with-react-native#connection-url' },
  ],
};
