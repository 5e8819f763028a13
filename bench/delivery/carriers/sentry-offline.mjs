import * as Sentry from '@sentry/browser';

export function start(url) {
  Sentry.init({
    dsn: `${url.replace('//', '//public@')}/1`,
    transport: Sentry.makeBrowserOfflineTransport(Sentry.makeFetchTransport),
    transportOptions: { flushAtStartup: true },
  });
  return { report: ({ code, ...extra }) => void Sentry.captureMessage(code, { extra }) };
}
