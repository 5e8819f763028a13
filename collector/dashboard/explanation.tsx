import type { WireDiagnosis } from '../src/ingest/wire-records.js';
import { docsUrl } from './docs-url.js';
import { explainSafely } from './explain-safely.js';
import { Prose } from './prose.js';
import { Snippet } from './snippet.js';

const AUDIENCE: Readonly<Record<string, string>> = {
  client: 'the client’s code',
  server: 'the server',
  proxy: 'the proxy or load balancer',
  network: 'the network',
  user: 'the user’s device, network or browser',
};

/** What happened, what to do about it and where to read more. */
export function Explanation({ diagnosis }: { readonly diagnosis: WireDiagnosis }) {
  const { summary, remedy, snippet, see } = explainSafely(diagnosis);
  const docs = docsUrl(diagnosis.docs);
  const links =
    docs === undefined || see.some(({ url }) => url === docs) ? see : [...see, { title: 'Documentation', url: docs }];
  const where = Object.hasOwn(AUDIENCE, diagnosis.fixedBy) ? AUDIENCE[diagnosis.fixedBy] : diagnosis.fixedBy;
  return (
    <section class="card explanation" aria-labelledby="what-happened">
      <h2 id="what-happened">What happened</h2>
      <Prose text={summary} />
      {remedy !== undefined && (
        <>
          <h3>
            What to do <span class="quiet">in {where}</span>
          </h3>
          <Prose text={remedy} />
        </>
      )}
      {snippet !== undefined && <Snippet text={snippet} />}
      {links.length > 0 && (
        <ul class="see">
          {links.map(({ title, url }) => (
            <li key={url}>
              <a href={url} target="_blank" rel="noreferrer">
                {title}
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
