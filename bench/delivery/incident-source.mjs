// The same incident for every peer: sockets that dial a web server without Socket.IO. What differs is who carries it away.
import { io } from 'socket.io-client';

/** `tell` is told of everything that must arrive. */
export function startIncidents({ withDiagnostics, carrier, target, sockets = 1, tell }) {
  const shared = {
    attributes: { marker: 'bench-incident' },
    ...(carrier.collector && {
      collector: carrier.collector,
      beforeSend(record) {
        tell({ type: 'given', kind: record.kind, id: record.id, revision: record.revision });
        return record;
      },
    }),
  };
  const wrapped = Array.from({ length: sockets }, () => {
    const socket = withDiagnostics(io(target, { forceNew: true }), shared);
    socket.diagnostics.on('incident', ({ incident, change }) => {
      if (change !== 'opened') return;
      carrier.report?.({
        marker: 'bench-incident',
        code: `${incident.diagnosis.code} ${incident.id}`,
        // These two first: receivers know it by them.
        incident: JSON.stringify({ id: incident.id, revision: incident.revision, ...incident }),
      });
      tell({ type: 'opened', id: incident.id, incident });
    });
    return socket;
  });
  return {
    /** No more incidents; what is on its way is sent. */
    async stop() {
      for (const socket of wrapped) {
        const { diagnostics } = socket;
        socket.disconnect();
        diagnostics.dispose();
      }
    },
  };
}
