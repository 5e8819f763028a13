import { createHmac } from 'node:crypto';
import { CollectorError } from '../collector-error.js';

export interface Webhook {
  readonly url: string;
  /** Signs each body; absent: not signed. */
  readonly secret?: string;
}

export interface WebhookAnswer {
  readonly isTaken: boolean;
  /** In words, without the URL, because many carry their secret in it. */
  readonly outcome: string;
  /** Whether every other message would likely fare the same right now. */
  readonly isAway: boolean;
  readonly retryAfterMs?: number;
}

const TIMEOUT_MS = 10_000;
/** The longest pause that a webhook may ask for. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/** Posts one body; never rejects, follows no redirects, and reads nothing of the response but its status. */
export async function sendWebhook(
  { url, secret }: Webhook,
  { id, body, signal, timeoutMs = TIMEOUT_MS }: { id: string; body: string; signal: AbortSignal; timeoutMs?: number },
): Promise<WebhookAnswer> {
  const aborting = new AbortController();
  const abort = () => aborting.abort();
  const timer = setTimeout(abort, timeoutMs);
  signal.addEventListener('abort', abort);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'socket.io-diagnostics-collector',
        'x-alert-id': id,
        ...(secret === undefined ? {} : { 'x-signature-256': `sha256=${signatureOf(body, secret)}` }),
      },
      body,
      signal: aborting.signal,
    });
    response.body?.cancel().catch(() => {});
    const { status } = response;
    if (response.ok) return { isTaken: true, outcome: `${status}`, isAway: false };
    const retryAfterMs = Number(response.headers.get('retry-after')) * 1000;
    return {
      isTaken: false,
      outcome: status >= 300 && status < 400 ? `${status}: redirects are not followed` : `${status}`,
      isAway: status < 400 || status >= 500 || [401, 403, 404, 408, 425, 429].includes(status),
      ...(retryAfterMs > 0 && { retryAfterMs: Math.min(retryAfterMs, MAX_RETRY_AFTER_MS) }),
    };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return {
      isTaken: false,
      outcome: name === 'AbortError' ? 'no response in time' : (cause?.code ?? name),
      isAway: true,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** The same URL; a `CollectorError` says what is wrong with it and shows only what kind it is, because many carry a secret. */
export function checkWebhookUrl(text: string, option: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return text;
  const came =
    url === undefined
      ? 'something that is no URL'
      : /^https?:$/.test(url.protocol)
        ? 'one that has them'
        : url.protocol;
  throw new CollectorError(`${option} takes an http or https URL without user name and password, not ${came}.`);
}

/** As `checkWebhookUrl`, for a URL to which paths are appended. */
export function checkPublicUrl(text: string): string {
  checkWebhookUrl(text, '--public-url');
  if (/[?#]/.test(text)) {
    throw new CollectorError('--public-url takes the URL of the dashboard up to its path, without "?" or "#".');
  }
  return text;
}

function signatureOf(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}
