import type { ClientVersion } from './_kit/client-version.js';
import type { Expectation, Fault, FaultVariant, Place } from './_kit/fault.js';

/** What is dialled instead does not exist, which is told besides; a run may end before that is asked about. */
const also = ['url-malformed', 'server-unreachable', 'server-not-answering', 'cors-origin-not-allowed', 'unclassified'];

function variant(place: Place, scheme: string, client: ClientVersion, url = ''): FaultVariant {
  const expect: Expectation = { details: { scheme }, also };
  return {
    places: [place],
    expect: { [place]: expect },
    start: async () => ({
      url,
      client,
      // The client keeps Managers by their URL, and what another test without a URL gave to one would be found here.
      options: { timeout: 2_000, forceNew: true },
      diagnostics: { lint: true },
      ...(place === 'chromium' && { pageUrl: 'file:' }),
      enough: ({ diagnosis }) => diagnosis.code === 'url-missing',
      close: async () => {},
    }),
  };
}

export const fault: Fault = {
  code: 'url-missing',
  places: ['node', 'chromium'],
  variants: {
    file: variant('chromium', 'file:', '4'),
    'file-client-4.5': variant('chromium', 'file:', '4.5'),
    'file-client-3': variant('chromium', 'file:', '3'),
    'file-client-2': variant('chromium', 'file:', '2'),
    'file-without-scheme': variant('chromium', 'file:', '4', 'localhost:39999'),
    node: variant('node', 'none', '4'),
    'node-client-4.0': variant('node', 'none', '4.0'),
    'node-client-2': variant('node', 'none', '2'),
  },
};
