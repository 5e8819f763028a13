import type { ClientScript } from '../faults/_kit/drive-client.js';

/** Stands in every seeded secret, so that it is recognised wherever it turns up. */
export const SECRET = 'c0ffee5ecret';

/** A secret that says where it was put. */
export const secret = (where: string) => `${SECRET}-${where}`;

/** What an app may give a client beside what it is to try: a secret in every place that can hold one. */
export function seedScript(script: ClientScript, { withHeaders = true } = {}): ClientScript {
  const own = script.options as { readonly query?: object; readonly extraHeaders?: object; readonly auth?: object };
  return {
    ...script,
    url: seedUrl(script.url),
    options: {
      ...own,
      query: { token: secret('query'), ...own.query },
      auth: own.auth ?? { token: secret('auth') },
      ...(withHeaders && {
        extraHeaders: {
          authorization: `Bearer ${secret('header')}`,
          cookie: `session=${secret('cookie')}`,
          ...own.extraHeaders,
        },
      }),
    },
  };
}

function seedUrl(url: string): string {
  const [, scheme, rest = ''] = /^(\w+:\/\/)(.*)$/.exec(url) ?? ['', '', url];
  const path = rest.includes('/') ? '' : '/';
  const mark = rest.includes('?') ? '&' : '?';
  return `${scheme}user:${secret('password')}@${rest}${path}${mark}key=${secret('url')}#${secret('fragment')}`;
}
