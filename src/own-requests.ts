import { sinkAddresses } from './delivery/post-sink.js';
import { PROBE_MARK } from './probes/probe-url.js';

/**
 * Whether a URL is a request of the SDK itself: a question to the server, or an upload of a sink made on this page. For tools that trace
 * requests and take a function, such as Datadog's `excludedActivityUrls` or Sentry's `shouldCreateSpanForRequest`.
 */
export function isOwnRequest(url: string): boolean {
  return ownRequestPatterns(...sinkAddresses()).some((pattern) => pattern.test(url));
}

/** The same as patterns, for tools that take those, such as OpenTelemetry's `ignoreUrls`; name the URLs of your sinks. */
export function ownRequestPatterns(...sinkUrls: readonly string[]): RegExp[] {
  const uploads = sinkUrls.map((url) => {
    const address = url.replace(/[?#][\s\S]*/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    // A path is of the page's own origin, and tools give it with and without that.
    return new RegExp(`^${url.startsWith('/') ? '(https?://[^/]+)?' : ''}${address}([?#]|$)`, 'i');
  });
  return [new RegExp(`[?&]t=${PROBE_MARK}`), ...uploads];
}
