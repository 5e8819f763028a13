import { type Diagnosis, explain, withDiagnostics } from 'socket.io-diagnostics';

declare const socket: { on(event: string, listener: () => void): void; connected: boolean; io: object };
declare function show(text: string): void;

withDiagnostics(socket, {
  onDiagnosis: ({ diagnosis, incident }) => {
    show(explain(diagnosis).remedy);
    show(incident.status);
    // @ts-expect-error: which details there are depends on the code
    show(diagnosis.details.how);

    if (diagnosis.code === 'websocket-blocked') {
      const how: 'rejected' | 'closed' | 'hanging' | 'swallowed' | 'unknown' = diagnosis.details.how;
      show(how);
      // @ts-expect-error: details of another cause
      show(diagnosis.details.requestedPath);
    }
    if (diagnosis.code === 'path-mismatch') show(diagnosis.details.requestedPath);
    // @ts-expect-error: no such cause
    if (diagnosis.code === 'no-such-cause') show('');
    // @ts-expect-error: a diagnosis is not to be changed
    diagnosis.certainty = 'confirmed';
  },
});

withDiagnostics(socket).diagnostics.on('diagnosis', ({ diagnosis }) => show(diagnosis.title));
// @ts-expect-error: no such event
withDiagnostics(socket).diagnostics.on('diagnoses', () => {});

export function whoseTurn(diagnosis: Diagnosis): string {
  switch (diagnosis.code) {
    case 'server-unreachable':
      return 'operations';
    default:
      return diagnosis.fixedBy;
  }
}
