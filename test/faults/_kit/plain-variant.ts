import type { Expectation, FaultVariant } from './fault.js';
import { type PlainAnswer, startHttp } from './http-server.js';
import { quickRetries } from './quick-retries.js';

/** Without CORS headers, no page can distinguish one HTTP response from another. */
export const hidden: Expectation = { certainty: 'suspected' };

/** A server that gives the same HTTP response to everything, tried from every place. */
export function plainVariant(answer: PlainAnswer, options: Record<string, unknown> = quickRetries): FaultVariant {
  return {
    ...(answer.cors ? {} : { expect: { chromium: hidden } }),
    places: ['node', 'chromium', 'chromium-same'],
    start: async () => {
      const { url, close } = await startHttp(answer);
      return { url, options, close };
    },
  };
}
