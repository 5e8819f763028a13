import type { HttpAnswer } from '../runtime/runtime.js';
import { classifyBody } from '../signals/classify-body.js';
import { knownHosting } from '../signals/known-hosting.js';
import type { HttpObservation } from '../signals/signal.js';

/** Reduces a response to what may be stored: the body becomes its kind. */
export function observeHttp(answer: HttpAnswer): HttpObservation {
  const { result, status, body, code, proxy, incomplete, headerNames = [] } = answer;
  const hosting = knownHosting(headerNames);
  return {
    result,
    ...(status !== undefined && { status }),
    ...(result === 'answered' &&
      body !== undefined && {
        body: incomplete ? { is: 'incomplete' as const } : classifyBody(body, status),
      }),
    ...(code !== undefined && { code }),
    ...(hosting && { hosting }),
    ...(proxy !== undefined && { proxy }),
    ...(isProxyPage(status, body, proxy) && { isProxyPage: true as const }),
    ...(headerNames.some((name) => OF_BOT_CHECKS.includes(name)) && { isBotCheck: true as const }),
  };
}

/**
 * Set on challenges only, with whatever status: Cloudflare
 * (https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/) and AWS WAF, which uses 202 or
 * 405 (https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-actions.html).
 */
const OF_BOT_CHECKS: readonly string[] = ['cf-mitigated', 'x-amzn-waf-action'];

/**
 * The pages of proxies for a server behind them that is away: HAProxy, Envoy (source/common/router/router.cc), Apache httpd
 * (modules/http/http_protocol.c), Traefik; Amazon's load balancer signs only its own responses.
 */
const OWN_PAGES =
  /No server is available to handle this request|^no healthy upstream|^upstream connect error|temporarily unable to service your\s+request due to maintenance|^no available server|Backend fetch failed/;

function isProxyPage(status: number | undefined, body: string | undefined, proxy: string | undefined): boolean {
  return status === 503 && (proxy === 'awselb' || OWN_PAGES.test((body ?? '').trim()));
}
