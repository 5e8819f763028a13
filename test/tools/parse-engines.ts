import type { Engine } from '../browser/page-driver.js';

const engines: readonly Engine[] = ['chromium', 'firefox', 'webkit'];

/** The browsers of a command line: names with commas or `all`; a place such as `firefox-same` names its browser. Default: Chromium. */
export function parseEngines(text: string | undefined): readonly Engine[] {
  if (text === 'all') return engines;
  const named = engines.filter((engine) => text?.split(',').some((name) => name.replace('-same', '') === engine));
  return named.length > 0 ? named : ['chromium'];
}
