import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a blocker in the browser drops: requests with these words in their address. */
export interface RequestFilter {
  readonly words: string;
  readonly kinds: readonly ('http' | 'websocket')[];
}

/** A folder with a real extension for Chromium and Firefox that drops these requests; the caller removes it. */
export async function writeBlocker({ words, kinds }: RequestFilter): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'blocker-'));
  const resourceTypes = kinds.flatMap((kind) => (kind === 'http' ? ['xmlhttprequest', 'other'] : ['websocket']));
  const manifest = {
    manifest_version: 3,
    name: 'Blocker',
    version: '1.0',
    permissions: ['declarativeNetRequest'],
    declarative_net_request: { rule_resources: [{ id: 'list', enabled: true, path: 'list.json' }] },
    browser_specific_settings: { gecko: { id: 'blocker@example.com' } },
  };
  const list = [{ id: 1, action: { type: 'block' }, condition: { urlFilter: words, resourceTypes } }];
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'list.json'), JSON.stringify(list));
  return folder;
}

/** A folder with `list.json`, a content blocker as Safari's extensions and WebKitGTK's browsers have them; the caller removes it. */
export async function writeContentBlocker({ words, kinds }: RequestFilter): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'blocker-'));
  const types = kinds.flatMap((kind) => (kind === 'http' ? ['fetch'] : ['websocket']));
  const list = [
    {
      trigger: { 'url-filter': words.replace(/[.?*+^$()[\]{}|\\]/g, '\\$&'), 'resource-type': types },
      action: { type: 'block' },
    },
  ];
  await writeFile(join(folder, 'list.json'), JSON.stringify(list));
  return folder;
}
