import { addressSpace } from '../diagnosis/address-space.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export type Details = Record<never, never>;

/**
 * Pages that are bundled with an app (Capacitor and Ionic on iOS, Cordova): their WebView obeys the app's policy and does not report it.
 */
const APP_SCHEMES = ['capacitor:', 'ionic:', 'file:'];

export const rule: Rule<'cleartext-blocked', Details> = {
  code: 'cleartext-blocked',
  title: 'The platform blocks cleartext traffic',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'error',
  frequency: 'occasional',
  isSetup: true,
  since: '0.1.0',
  docs: '/how-to/use-with-react-native#cleartext-traffic-blocked-on-android',
  needs: ['websocket-handshake', 'http-reachable'],
  yieldsTo: ['network-offline'],
  match(facts) {
    const failure = facts.connecting;
    if (!failure || failure.handshake || facts.target.secure) return undefined;
    if (failure.error.platform === 'cleartext') {
      return {
        certainty: 'confirmed',
        details: {},
        evidence: [evidence('The platform reported that it does not permit cleartext traffic.', failure.signal)],
      };
    }
    const { kind, pageScheme } = facts.runtime;
    // React Native's WebSocket hides the reason; a WebView reports nothing at all.
    const isApp = kind === 'react-native' || (pageScheme !== undefined && APP_SCHEMES.includes(pageScheme));
    // WebViews let an app talk to its own device.
    const isOwn = kind !== 'react-native' && addressSpace(facts.target.host) === 'loopback';
    if (!isApp || !failure.blind || failure.timedOut || isOwn) return undefined;
    if (facts.probe('websocket-handshake')?.answer === 'yes' || facts.probe('http-reachable')?.answer === 'yes')
      return undefined;
    return {
      certainty: 'suspected',
      details: {},
      evidence: [evidence('An app called an address without TLS and got no response.', failure.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Android (since version 9) and iOS do not let an app connect to servers without TLS unless the app declares it: the request never leaves the device. Development builds often declare it and release builds do not, which is why the connection fails only in the installed app.',
  remedy: () =>
    'Use https (wss). For a development server without TLS, allow its host: on Android with a network security configuration or `android:usesCleartextTraffic="true"` in the manifest, on iOS with an exception under `NSAppTransportSecurity` in Info.plist. Capacitor has `server: { cleartext: true }` for this, and Expo has the expo-build-properties plugin.',
  snippet: () => '<application android:usesCleartextTraffic="true"> <!-- AndroidManifest.xml, for development only -->',
  see: [
    {
      title: 'Cleartext traffic blocked on Android',
      url: 'https://socket.io/how-to/use-with-react-native#cleartext-traffic-blocked-on-android',
    },
  ],
};
