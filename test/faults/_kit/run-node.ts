import { withDiagnostics } from '../../../src/index.node.js';
import type { ClientVersion } from './client-version.js';
import { nodeClient, nodeTransports } from './client-version.js';
import { type ClientEvent, type ClientScript, driveClient, type Wrap } from './drive-client.js';
import type { ClientControl } from './fault.js';

/** A running client, wherever it runs. */
export interface RunningClient {
  readonly control: ClientControl;
  stop(): Promise<void>;
}

const nodeOnly = async (): Promise<never> => {
  throw new Error('a Node client has no page and no network switch');
};

/** Runs a client in this process. */
export async function runNode(
  script: ClientScript,
  version: ClientVersion,
  prepare: ((control: ClientControl) => Promise<void>) | undefined,
  report: (event: ClientEvent) => void,
  wrap = withDiagnostics as unknown as Wrap,
): Promise<RunningClient> {
  const control: ClientControl = {
    setOffline: nodeOnly,
    allowLocalNetwork: nodeOnly,
    reload: nodeOnly,
    navigateAway: nodeOnly,
    goBack: nodeOnly,
    freeze: nodeOnly,
    changeNetwork: nodeOnly,
  };
  await prepare?.(control);
  const stop = driveClient({
    io: nodeClient(version),
    wrap: script.raw ? undefined : wrap,
    script,
    transports: await nodeTransports(),
    report,
  });
  return { control, stop: async () => stop() };
}
