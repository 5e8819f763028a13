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
    url: seedUrl(script.url, own.query),
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

/** A query in the URL replaces the `query` option, so what the variant itself gives goes into it, too. */
function seedUrl(url: string, own: object = {}): string {
  const [, scheme, rest = ''] = /^(\w+:\/\/)(.*)$/.exec(url) ?? ['', '', url];
  const path = rest.includes('/') ? '' : '/';
  const mark = rest.includes('?') ? '&' : '?';
  const user = rest.includes('@') ? '' : `user:${secret('password')}@`;
  const query = new URLSearchParams({ ...own, key: secret('url') });
  return `${scheme}${user}${rest}${path}${mark}${query}#${secret('fragment')}`;
}
