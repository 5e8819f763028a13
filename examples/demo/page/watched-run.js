const { io } = window;
const { withDiagnostics } = window.SocketIODiagnostics;

/**
 * Has the demo server start a fault, connects a socket to it as an app would, and reports what is seen. Whatever breaks, breaks on
 * the other side: this page only connects and, if the fault is about that, sends a large message.
 */
export function startRun(name, recordsUrl, on) {
  // The servers of a fault live as long as this request.
  const lease = new EventSource(`/runs/${name}`);
  let socket;
  let isAtIt = false;

  lease.addEventListener('started', ({ data }) => connect(JSON.parse(data)));
  lease.addEventListener('happened', ({ data }) => on.happened(JSON.parse(data).what));
  lease.addEventListener('failed', ({ data }) => {
    lease.close();
    on.failed(`The fault did not start: ${JSON.parse(data).message}`);
  });
  lease.addEventListener('error', () => {
    // A second lease would start other servers.
    lease.close();
    on.failed('The demo server is gone. Start it again with: npm start');
  });

  function connect({ id, url, options, sendsBytes, breaks }) {
    socket = withDiagnostics(io(url, options), {
      app: { name: 'demo', environment: 'demo' },
      collector: recordsUrl,
      attributes: { fault: name },
      // The servers are on this machine: one that does not answer within two seconds will not answer at all.
      probe: { timeoutMs: 2_000 },
    });
    const { diagnostics } = socket;
    const look = () => on.state(diagnostics.snapshot());

    on.connecting(url);
    socket.on('connect', () => on.raw('connect'));
    socket.on('connect_error', (error) => on.raw('connect_error', error.message, error.data));
    socket.on('disconnect', (reason) => on.raw('disconnect', reason));
    for (const event of ['connect', 'connect_error', 'disconnect']) socket.on(event, look);
    for (const event of ['attempt', 'transport', 'session']) diagnostics.on(event, look);
    diagnostics.on('incident', ({ incident }) => on.incident(incident));
    diagnostics.on('diagnosis', ({ incident }) => {
      on.incident(incident);
      on.diagnosis(incident, diagnostics);
    });
    diagnostics.on('transport', ({ transport }) => {
      if (transport !== 'websocket' || isAtIt) return;
      isAtIt = true;
      whenConnected(() => {
        if (breaks) void fetch(`/runs/${id}/break`, { method: 'POST' });
        if (sendsBytes) socket.emit('upload', 'x'.repeat(sendsBytes));
      });
    });
    look();
  }

  function whenConnected(act) {
    if (socket.connected) act();
    else socket.once('connect', act);
  }

  return {
    stop() {
      socket?.diagnostics.dispose();
      socket?.disconnect();
      lease.close();
    },
  };
}
