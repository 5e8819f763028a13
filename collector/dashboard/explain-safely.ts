import { explain } from 'socket.io-diagnostics/explain';
import type { WireDiagnosis } from '../src/ingest/wire-records.js';
import { docsUrl } from './docs-url.js';

export interface SafeExplanation {
  readonly summary: string;
  readonly remedy?: string;
  readonly snippet?: string;
  readonly see: readonly { readonly title: string; readonly url: string }[];
}

/** The catalogue's explanation; details from the field may not be what the catalogue expects. */
export function explainSafely(diagnosis: WireDiagnosis): SafeExplanation {
  try {
    const { summary, remedy, snippet, see } = explain(diagnosis);
    return { summary, remedy, ...(snippet === undefined ? {} : { snippet }), see: see.flatMap(checkedLink) };
  } catch {
    return { summary: `${diagnosis.title}.`, see: checkedLink({ title: 'Documentation', url: diagnosis.docs }) };
  }

  /** The catalogue's own links may lead anywhere; a link that came with the diagnosis, only to the documentation. */
  function checkedLink({ title, url }: { title: string; url: string }) {
    const checked = url === diagnosis.docs ? docsUrl(url) : url;
    return checked === undefined ? [] : [{ title, url: checked }];
  }
}
