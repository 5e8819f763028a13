import { afterAll, expect, it } from 'vitest';
import { closeBrowsers } from '../browser/harness.js';
import type { Engine } from '../browser/page-driver.js';
import { loadFault, runFault } from '../faults/_kit/run-fault.js';
import { allCodes } from '../tools/all-codes.js';
import { placeInBrowser } from './place-in-browser.js';

/**
 * Where Firefox and WebKit show something else than Chromium: these run on every test run. Of the other causes each of the two runs a
 * quarter, by the first variant, so that both cross the whole client and every kind of question; all of them, in every browser, are for
 * `npm run faults -- --engine all`, which takes longer than a test run may.
 */
const different: Readonly<Record<Exclude<Engine, 'chromium'>, readonly (readonly [code: string, variant: string])[]>> =
  {
    firefox: [
      // A reset is an error without a CloseEvent.
      ['connection-cut', 'reset'],
      // The WebSocket constructor throws, and the violation is told after that.
      ['csp-blocked', 'websocket-only'],
      ['mixed-content-blocked', 'websocket-only'],
      ['server-not-socketio', 'not-found-under-policy'],
      // It waits before it repeats a failed WebSocket.
      ['path-mismatch', 'client-path-websocket'],
      ['server-unreachable', 'refused-websocket-for-long'],
      // HTTP/0.9.
      ['server-unreachable', 'not-http'],
      // Close code 1015.
      ['tls-certificate-rejected', 'self-signed'],
      // Always a refusal.
      ['websocket-handled-twice', 'old-and-new'],
      ['websocket-blocked', 'forbidden-403'],
      // `disconnect` comes before `pagehide`.
      ['page-leaves', 'navigation'],
      ['network-offline', 'after-connect'],
    ],
    webkit: [
      ['connection-cut', 'reset'],
      ['csp-blocked', 'websocket-only'],
      // An error without a close.
      ['mixed-content-blocked', 'websocket-only'],
      // The own machine is mixed content, too.
      ['mixed-content-blocked', 'own-machine'],
      // It cannot open the last of the transports, and what the first one met counts.
      ['server-unreachable', 'refused-all-transports'],
      // It goes on waiting for a header.
      ['server-unreachable', 'not-http'],
      // It follows the redirect of a WebSocket.
      ['request-redirected', 'moved-301-living'],
      // A page with an open connection is kept for the way back.
      ['page-leaves', 'navigation'],
      ['websocket-handled-twice', 'old-and-new'],
    ],
  };

/** Runs what is due in one of the two; each is a file and so a process of its own. */
export async function liveInOtherBrowser(engine: keyof typeof different): Promise<void> {
  afterAll(closeBrowsers);
  const named = different[engine];
  const all = await Promise.all(allCodes().map(async (code) => ({ code, ...(await loadFault(code)) })));
  const isTurn = (index: number) => index % 4 === (engine === 'firefox' ? 0 : 2);
  const chosen = all.flatMap(({ code, fault }, index) => {
    const variants = named.filter(([of]) => of === code).map(([, variant]) => variant);
    const first = Object.keys(fault.variants).find((variant) => placeInBrowser(fault, variant, engine));
    const wanted = variants.length === 0 && isTurn(index) && first ? [first] : variants;
    return wanted.flatMap((variant) => {
      const place = placeInBrowser(fault, variant, engine);
      return place === undefined ? [] : [{ code, variant, place, isNamed: variants.length > 0 }];
    });
  });

  it('has every variant that is named', () => {
    expect(chosen.map(({ code, variant }) => [code, variant])).toEqual(
      expect.arrayContaining(named.map((one) => [...one])),
    );
  });

  for (const { code, variant, place, isNamed } of chosen) {
    it(`${code}: ${variant}, ${place}`, async ({ skip }) => {
      const { problems, skipped } = await runFault(code, variant, place);
      expect(problems.join('\n')).toBe('');
      // What this browser has no means to try is no proof, and what is named can be tried.
      if (isNamed) expect(skipped).toBeUndefined();
      skip(skipped !== undefined, skipped);
    });
  }
}
