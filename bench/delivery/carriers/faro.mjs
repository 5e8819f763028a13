import { initializeFaro } from '@grafana/faro-web-sdk';

export function start(url) {
  const { api } = initializeFaro({ url: `${url}/collect`, app: { name: 'bench' } });
  return { report: ({ code, ...attributes }) => api.pushEvent(code, attributes) };
}
