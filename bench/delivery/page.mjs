import { start } from '#carrier';
import { withDiagnostics } from '#sdk';
import { startIncidents } from './incident-source.mjs';

globalThis.startBench = ({ url, target, sockets }) => {
  const source = startIncidents({
    withDiagnostics,
    carrier: start(url),
    target,
    sockets,
    tell: (event) => void globalThis.tell({ ...event, at: Date.now() }),
  });
  globalThis.stopBench = () => source.stop();
};
