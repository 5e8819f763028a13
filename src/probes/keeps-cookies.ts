import type { ProbeContext } from './probe.js';

/** The clients that keep cookies in Node if told to (4.7 and later); `withCredentials` does nothing there in older ones. */
const WITH_JAR = /^4\.[68]/;

/** Whether the client has cookies that the SDK cannot send: in Node, they belong to the client itself. */
export function keepsCookies({ client, options, runtime }: ProbeContext): boolean {
  return options.withCredentials && runtime.kind === 'node' && WITH_JAR.test(client.version);
}
