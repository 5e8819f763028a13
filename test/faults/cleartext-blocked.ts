import type { Fault, FaultVariant } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';

/** A healthy server without TLS, and an app that is not built to talk to such a server. */
function variant(os: 'android' | 'ios', options: object = {}, client: '2' | '3' | '4.0' | '4' = '4'): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo({ options: { allowEIO3: true } });
      return {
        url,
        options: { ...quickRetries, ...options },
        client,
        platform: { os, permitsCleartext: false },
        close,
      };
    },
  };
}

export const fault: Fault = {
  code: 'cleartext-blocked',
  places: ['react-native'],
  variants: {
    android: variant('android'),
    ios: variant('ios'),
    'android-polling': variant('android', { transports: ['polling'] }),
    'ios-client-4.0': variant('ios', {}, '4.0'),
    'android-client-3': variant('android', {}, '3'),
    'android-client-2': variant('android', {}, '2'),
    // The WebSocket of React Native hands the reason on only after the client has looked.
    'android-websocket': {
      ...variant('android', { transports: ['websocket'] }),
      expect: { 'react-native': { certainty: 'suspected' } },
    },
  },
};
