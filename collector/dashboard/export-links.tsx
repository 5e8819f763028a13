import { addressOf } from './address.js';
import { hrefWith } from './route.js';
import { SCOPE } from './scope.js';

interface ExportLinksProps {
  readonly what: 'incidents' | 'causes' | 'releases';
  readonly query: URLSearchParams;
}

/** The same selection as files. */
export function ExportLinks({ what, query }: ExportLinksProps) {
  const names = what === 'incidents' ? [...SCOPE, 'code', 'status', 'search'] : SCOPE;
  return (
    <span class="export">
      {(['csv', 'json'] as const).map((format) => (
        <a key={format} href={addressOf(hrefWith(`/api/export/${what}.${format}`, query, names))} download>
          <span class="visually-hidden">Export {what} as </span>
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  );
}
