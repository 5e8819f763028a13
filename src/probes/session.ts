import type { HttpObservation } from '../signals/signal.js';
import { isHandshake, sessionIdOf } from './http-handshake.js';
import { keepsCookies } from './keeps-cookies.js';
import { observeHttp } from './observe-http.js';
import type { Probe } from './probe.js';
import { probeUrl } from './probe-url.js';

/** With two servers taking turns, an odd number of foreign requests can hide the loss in one round. */
const ROUNDS = 3;

/** How many requests are left after a first round that ended early. */
const MORE = ROUNDS * 2 - 3;

function isUnknown({ body }: HttpObservation): boolean {
  return body?.is === 'engineio-error' && body.code === 1;
}

function isRefused({ status = 0, body }: HttpObservation): boolean {
  return status >= 400 || body?.is === 'html';
}

/** Is a session still known to the server that gets its next request? Each round makes a handshake and closes that session. */
export const session: Probe = {
  name: 'session',
  cost: () => ROUNDS * 2,
  isPossible: ({ phase }) => phase !== 'upgrade',
  async ask(context) {
    const { runtime, timeoutMs, tls, client, options } = context;
    // Stickiness by cookie: if the client sends cookies, so must the probe.
    if (keepsCookies(context)) return { answer: 'unknown', why: 'the client sends cookies' };
    const common = { mode: 'cors' as const, timeoutMs, withCredentials: options.withCredentials, ...(tls && { tls }) };
    const seen = new Set<string>();
    let asked = 0;
    let lost = 0;
    let refused = 0;
    let last: HttpObservation | undefined;
    // The packet "close" of Engine.IO, with its length in front before revision 4: a known session ends with it.
    const body = client.protocol === 3 ? '1:1' : '1';
    let url = '';
    const end = async () => observeHttp(await runtime.request({ ...common, url, method: 'POST', body }));
    while (asked < ROUNDS && lost === 0) {
      const opened = await runtime.request({ ...common, url: probeUrl(context, { transport: 'polling' }) });
      const sid = sessionIdOf(opened);
      if (sid && (seen.has(sid) || context.isKnownSid(sid)))
        return { answer: 'unknown', why: 'the same session id twice', repeatedSid: true };
      if (sid) seen.add(sid);
      if (!sid || !isHandshake(observeHttp(opened).body)) {
        return { answer: 'unknown', why: 'no handshake', http: observeHttp(opened) };
      }
      url = probeUrl(context, { transport: 'polling', sid });
      const next = await end();
      last = next;
      if (next.result !== 'answered') return { answer: 'unknown', why: 'no answer', http: next };
      asked += 1;
      if (isUnknown(next)) lost += 1;
      else if (isRefused(next)) refused += 1;
    }
    // Words of another server: if it always rejects, it does not matter which server gets the request; if it rejects only now and then, it
    // does.
    if (lost === 0 && refused === asked)
      return { answer: 'unknown', why: 'every POST was refused', rounds: { asked, lost }, ...(last && { http: last }) };
    lost += refused;
    // Lost at once: it may have been an old session from a cache. The last round leaves no request for this, but has seen three ids.
    if (lost > 0 && asked < ROUNDS) {
      const sid = sessionIdOf(await runtime.request({ ...common, url: probeUrl(context, { transport: 'polling' }) }));
      if (sid && seen.has(sid)) return { answer: 'unknown', why: 'the same session id twice', repeatedSid: true };
    }
    // Every one so far: servers taking turns send the next one elsewhere, so that the first gets it again, and a filter that masks ids
    // accepts none.
    for (let left = asked === 1 ? MORE : 0; lost === asked && left > 0; left -= 1) {
      const again = await end();
      if (again.result !== 'answered') break;
      asked += 1;
      if (isUnknown(again) || isRefused(again)) lost += 1;
    }
    return { answer: lost > 0 ? 'no' : 'yes', rounds: { asked, lost }, ...(last && { http: last }) };
  },
};
