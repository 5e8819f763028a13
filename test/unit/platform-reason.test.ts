import { describe, expect, it } from 'vitest';
import { addressSpace } from '../../src/diagnosis/address-space.js';
import { platformReason } from '../../src/runtime/platform-reason.js';
import { classifyBody } from '../../src/signals/classify-body.js';
import { describeError } from '../../src/signals/describe-error.js';

describe('what a phone says of a failed request', () => {
  it.each([
    // As reported in socket.io-client: the text stands where the response would be.
    ['Failed to connect to localhost/127.0.0.1:7777', 'refused'],
    ['CLEARTEXT communication to api.example.com not permitted by network security policy', 'cleartext'],
    [
      'The resource could not be loaded because the App Transport Security policy requires the use of a secure connection.',
      'cleartext',
    ],
    ['Unable to resolve host "api.example.com": No address associated with hostname', 'dns'],
    ['failed to connect to /192.168.1.5 (port 3000) from /10.0.0.2 (port 4567) after 10000ms', 'connect-timeout'],
    ['java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.', 'tls-untrusted'],
    ['The certificate for this server has expired.', 'tls-expired'],
    // iOS from 15 on, and its WebSocket (SocketRocket) with what CFStream says.
    ['A TLS error caused the secure connection to fail.', 'tls-failed'],
    ['The operation couldn’t be completed. (OSStatus error -9807.)', 'tls-failed'],
    ['The operation couldn’t be completed. Connection refused', 'refused'],
    ['The operation couldn’t be completed. Network is down', 'no-route'],
    ['The operation couldn’t be completed. Socket is not connected', 'reset'],
    ['unexpected end of stream on http://10.0.0.1:3000/...', 'reset'],
    ['Der Server konnte nicht gefunden werden.', undefined],
  ])('%s', (text, reason) => {
    expect(platformReason(text)).toBe(reason);
  });

  it('reads the status of a WebSocket that was refused on iOS', () => {
    // SocketRocket 0.7, as React Native hands it on.
    const description = { message: 'Received bad response code from server: 401.' };
    expect(describeError({ message: 'websocket error', description })).toMatchObject({ status: 401 });
  });

  it('leaves nothing of the text in what is kept', () => {
    const context = { status: 0, _hasError: true, _response: 'Failed to connect to secret.example/10.1.2.3:7777' };
    const error = {
      message: 'xhr poll error',
      description: 0,
      context: { ...context, responseText: context._response },
    };
    const kept = describeError(error, undefined, undefined, { platformReason });
    expect(kept).toEqual({ message: 'xhr poll error', status: 0, platform: 'refused' });
  });
});

describe('how far away an address is by its name', () => {
  it.each([
    ['localhost', 'loopback'],
    ['127.8.0.1', 'loopback'],
    ['[::1]', 'loopback'],
    ['192.168.0.10', 'local'],
    ['172.31.255.255', 'local'],
    ['172.32.0.1', 'public'],
    ['100.64.0.1', 'local'],
    ['100.128.0.1', 'public'],
    ['[fd00::1]', 'local'],
    ['[fe80::1]', 'local'],
    ['[2001:db8::1]', 'public'],
    ['printer.local', 'local'],
    ['nas', 'local'],
    ['api.example.com', 'public'],
    ['fc.example.com', 'public'],
  ])('%s is %s', (host, space) => {
    expect(addressSpace(host)).toBe(space);
  });
});

describe('a body with something that does not belong to it', () => {
  const handshake = '0{"sid":"abcDEF","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000}';
  it.each([
    [handshake, { is: 'engineio-open', protocol: 4 }],
    [`${handshake}\u001e40`, { is: 'engineio-open', protocol: 4 }],
    [`${handshake}<script></script>`, { is: 'engineio-altered' }],
    [handshake.slice(0, 30), { is: 'engineio-altered' }],
    [`<!-- trial -->${handshake}`, { is: 'engineio-altered' }],
    // A byte order mark, which editors and some proxies put in front.
    [`\ufeff${handshake}`, { is: 'engineio-altered' }],
    ['\u001f\ufffd\b\u0000', { is: 'compressed' }],
    ['<html><pre>0{&quot;sid&quot;:…</pre></html>', { is: 'html' }],
  ])('%s', (body, kind) => {
    expect(classifyBody(body)).toEqual(kind);
  });
});
