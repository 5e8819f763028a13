import type { ProbeContext } from './probe.js';

/** The clients that keep cookies in Node, where they are told to (4.7 and later); what older ones call `withCredentials` does nothing there. */
const WITH_JAR = /^4\.[68]/;

/** Whether the client has cookies that the SDK cannot send: those of Node are the client's own. */
export function keepsCookies({ client, options, runtime }: ProbeContext): boolean {
  return options.withCredentials && runtime.kind === 'node' && WITH_JAR.test(client.version);
}
