import { type Certificate, makeCertificate } from './_kit/certificate.js';
import type { ClientVersion } from './_kit/client-version.js';
import { closeAll } from './_kit/close-all.js';
import type { Fault, FaultVariant } from './_kit/fault.js';
import { startHttps } from './_kit/https-server.js';
import type { ProxyName } from './_kit/proxy-setup.js';
import { quickRetries } from './_kit/quick-retries.js';
import { startSocketIo } from './_kit/socketio-server.js';
import { startProxy } from './_kit/start-proxy.js';

function broken(reason: string, certificate: () => Certificate, options: object = {}): FaultVariant {
  return {
    expect: { node: { details: { reason } }, chromium: { certainty: 'suspected' }, firefox: {} },
    start: async () => {
      const { url, close } = await startHttps(certificate());
      return { url, options: { ...quickRetries, ...options }, close };
    },
  };
}

function onPhone(os: 'android' | 'ios'): FaultVariant {
  return {
    places: ['react-native'],
    start: async () => {
      const { url, close } = await startHttps(makeCertificate());
      return { url, options: quickRetries, platform: { os, permitsCleartext: false }, close };
    },
  };
}

const ownAuthority = makeCertificate({ authority: true });

const signed = (host?: string) => {
  const issuer = makeCertificate({ authority: true });
  return { issuer, certificate: makeCertificate({ issuer, ...(host && { host }) }) };
};

/** The proxy in front speaks TLS, with a certificate of its own. */
function proxied(
  name: ProxyName,
  reason: string,
  make: () => Certificate,
  options: (certificate: Certificate) => object = () => ({}),
): FaultVariant {
  return {
    places: ['node'],
    expect: { node: { details: { reason } } },
    start: async () => {
      const certificate = make();
      const server = await startSocketIo();
      const proxy = await startProxy(name, { target: server.port, certificate });
      return { url: proxy.url, options: { ...quickRetries, ...options(certificate) }, close: closeAll(proxy, server) };
    },
  };
}

/** nginx takes the connection without a certificate of the client, and refuses each request. */
function certificateWanted(lines: string, options: object = {}, client: ClientVersion = '4'): FaultVariant {
  return {
    places: ['node'],
    expect: { node: { details: { reason: 'client-certificate' } } },
    start: async () => {
      const server = await startSocketIo();
      const proxy = await startProxy('nginx', { target: server.port, certificate: makeCertificate(), lines });
      return {
        url: proxy.url,
        client,
        options: { ...quickRetries, rejectUnauthorized: false, ...options },
        close: closeAll(proxy, server),
      };
    },
  };
}

const verify = 'ssl_verify_client on; ssl_client_certificate cert.pem;';

export const fault: Fault = {
  code: 'tls-certificate-rejected',
  places: ['node', 'chromium'],
  variants: {
    'self-signed': broken('self-signed', () => makeCertificate()),
    'made-for-clients': {
      ...broken('unknown', () => makeCertificate({ issuer: ownAuthority, purpose: 'clientAuth' }), {
        ca: ownAuthority.cert,
      }),
      places: ['node'],
    },
    'self-signed-android': onPhone('android'),
    'self-signed-ios': onPhone('ios'),
    'self-signed-websocket': broken('self-signed', () => makeCertificate(), { transports: ['websocket'] }),
    'unknown-authority': { ...broken('chain-incomplete', () => signed().certificate), places: ['node'] },
    'authority-in-chain': {
      ...broken('unknown-ca', () => {
        const { issuer, certificate } = signed();
        return { key: certificate.key, cert: certificate.cert + issuer.cert };
      }),
      places: ['node'],
    },
    'wrong-host': {
      places: ['node'],
      expect: { node: { details: { reason: 'wrong-host' } } },
      start: async () => {
        const { issuer, certificate } = signed('other.example');
        const { url, close } = await startHttps(certificate);
        return { url, options: { ...quickRetries, ca: issuer.cert }, close };
      },
    },
    expired: {
      places: ['node'],
      expect: { node: { details: { reason: 'expired' } } },
      start: async () => {
        const certificate = makeCertificate({ expired: true });
        const { url, close } = await startHttps(certificate);
        return { url, options: { ...quickRetries, ca: certificate.cert }, close };
      },
    },
    'self-signed-apache': proxied('apache', 'self-signed', () => makeCertificate()),
    'unknown-authority-nginx': proxied('nginx', 'chain-incomplete', () => signed().certificate),
    'expired-haproxy': proxied(
      'haproxy',
      'expired',
      () => makeCertificate({ expired: true }),
      ({ cert }) => ({ ca: cert }),
    ),
    'authority-in-chain-caddy': proxied('caddy', 'unknown-ca', () => {
      const { issuer, certificate } = signed();
      return { key: certificate.key, cert: certificate.cert + issuer.cert };
    }),
    'self-signed-client-2': {
      places: ['node'],
      start: async () => {
        const { url, close } = await startHttps(makeCertificate());
        return { url, options: quickRetries, client: '2', close };
      },
    },
    'client-certificate-nginx': certificateWanted(verify),
    'client-certificate-nginx-websocket': certificateWanted(verify, { transports: ['websocket'] }),
    'client-certificate-nginx-client-3': certificateWanted(verify, {}, '3'),
    'client-certificate-nginx-optional': certificateWanted(
      'ssl_verify_client optional_no_ca; if ($ssl_client_verify != SUCCESS) { return 496; }',
    ),
    // In the words of Kong, and in those of IIS.
    'client-certificate-401': certificateWanted(
      `default_type application/json; return 401 '{"message":"No required TLS certificate was sent"}';`,
    ),
    'client-certificate-403': certificateWanted(
      'default_type text/html; return 403 "<h2>HTTP Error 403.7 - Forbidden: SSL client certificate is required.</h2>";',
    ),
    // From TLS 1.3 on the server says that it misses the certificate of the client.
    // Servers of Node hang up without a word, as one that fails does.
    'client-certificate-untrusted': {
      places: ['node'],
      expect: { node: { certainty: 'suspected', alternatives: ['server-unreachable'] } },
      start: async () => {
        const { url, close } = await startHttps(makeCertificate(), { requestCert: true, rejectUnauthorized: true });
        return { url, options: { ...quickRetries, ...makeCertificate(), rejectUnauthorized: false }, close };
      },
    },
    'client-certificate': {
      places: ['node'],
      expect: {
        node: { details: { reason: 'client-certificate', code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' } },
      },
      start: async () => {
        const { url, close } = await startHttps(makeCertificate(), { requestCert: true, rejectUnauthorized: true });
        return { url, options: { ...quickRetries, rejectUnauthorized: false, transports: ['websocket'] }, close };
      },
    },
  },
};
