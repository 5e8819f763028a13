import { sinkAddresses } from './delivery/post-sink.js';
import { PROBE_MARK } from './probes/probe-url.js';

/**
 * Whether a URL belongs to a request of the SDK itself: a probe, or an upload by a sink created on this page. For tools that trace requests
 * and take a function, such as Datadog's `excludedActivityUrls` or Sentry's `shouldCreateSpanForRequest`.
 */
export function isOwnRequest(url: string): boolean {
  return ownRequestPatterns(...sinkAddresses()).some((pattern) => pattern.test(url));
}

/** The same as patterns, for tools that take those, such as OpenTelemetry's `ignoreUrls`; pass the URLs of your sinks. */
export function ownRequestPatterns(...sinkUrls: readonly string[]): RegExp[] {
  const uploads = sinkUrls.map((url) => {
    const address = url.replace(/[?#][\s\S]*/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    // A path belongs to the page's own origin, and tools pass it with or without that origin.
    return new RegExp(`^${url.startsWith('/') ? '(https?://[^/]+)?' : ''}${address}([?#]|$)`, 'i');
  });
  return [new RegExp(`[?&]t=${PROBE_MARK}`), ...uploads];
}
