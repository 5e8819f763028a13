// Sends as fast as it is answered over connections that stay open, in raw bytes so that the sender is not what is measured.
import { connect } from 'node:net';

/** Resolves with how many requests were answered with a 2xx in about this time, each connection sending one after the other. */
export async function load(port, nextRequest, durationMs, connections) {
  const endAt = performance.now() + durationMs;
  const counts = await Promise.all(
    Array.from({ length: connections }, () => sendUntil(connect(port, '127.0.0.1'), nextRequest, endAt)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function sendUntil(socket, nextRequest, endAt) {
  return new Promise((resolve, reject) => {
    let answered = 0;
    let received = '';
    socket.setNoDelay();
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('connect', () => socket.write(nextRequest()));
    socket.on('data', (chunk) => {
      received += chunk;
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (received.length < end + 4 + length) return;
      if (!received.startsWith('HTTP/1.1 200')) {
        socket.destroy();
        reject(new Error(received.slice(0, 500)));
        return;
      }
      received = '';
      answered += 1;
      if (performance.now() < endAt) socket.write(nextRequest());
      else {
        socket.destroy();
        resolve(answered);
      }
    });
  });
}
