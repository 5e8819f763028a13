import { addressSpace } from '../diagnosis/address-space.js';
import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';

export type Details = Record<never, never>;

/** Pages that an app carries along (Capacitor and Ionic on iOS, Cordova): their WebView obeys the policy of the app and tells nobody. */
const APP_SCHEMES = ['capacitor:', 'ionic:', 'file:'];

export const rule: Rule<'cleartext-blocked', Details> = {
  code: 'cleartext-blocked',
  title: 'The platform forbids the app unencrypted connections',
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
        evidence: [evidence('The platform told that it does not permit cleartext traffic.', failure.signal)],
      };
    }
    const { kind, pageScheme } = facts.runtime;
    // The WebSocket of React Native keeps the reason to itself; a WebView tells nothing at all.
    const isApp = kind === 'react-native' || (pageScheme !== undefined && APP_SCHEMES.includes(pageScheme));
    // WebViews let an app talk to its own device.
    const isOwn = kind !== 'react-native' && addressSpace(facts.target.host) === 'loopback';
    if (!isApp || !failure.blind || failure.timedOut || isOwn) return undefined;
    if (facts.probe('websocket-handshake')?.answer === 'yes' || facts.probe('http-reachable')?.answer === 'yes')
      return undefined;
    return {
      certainty: 'suspected',
      details: {},
      evidence: [evidence('An app called an address without TLS and got no answer.', failure.signal)],
    };
  },
};

export const text: Text<Details> = {
  summary:
    'Android since 9 and iOS do not let an app talk to servers without TLS unless it declares so: the request never leaves the device. A development build often declares it and a release does not, which is why it fails only once installed.',
  remedy: () =>
    'Use https (wss). For a development server without TLS, allow its host: on Android with a network security configuration or `android:usesCleartextTraffic="true"` in the manifest, on iOS with an exception in `NSAppTransportSecurity` of Info.plist; Capacitor has `server: { cleartext: true }` and Expo the plugin expo-build-properties for it.',
  snippet: () => '<application android:usesCleartextTraffic="true"> <!-- AndroidManifest.xml, for development -->',
  see: [
    {
      title: 'Cleartext traffic blocked on Android',
      url: 'https://socket.io/how-to/use-with-react-native#cleartext-traffic-blocked-on-android',
    },
  ],
};
