import type { RejudgeCommand } from '../parse-command-line.js';
import { type OpenStoreOptions, openExistingStore } from '../stores/open-store.js';
import { findJudge } from './find-judge.js';
import { rejudge } from './rejudge.js';
import { rejudgeText } from './rejudge-text.js';

/** Judges what is stored at `place` with the rules found from `folder`, and says what changed. */
export async function rejudgeData(
  folder: string,
  { place, ...options }: RejudgeCommand,
  opening?: OpenStoreOptions,
): Promise<string> {
  const judge = findJudge(folder);
  const store = await openExistingStore(place, opening);
  try {
    const report = await rejudge({ store: store.rejudging, judge, ...options });
    return rejudgeText(report, { version: judge.version, apply: options.apply });
  } finally {
    await store.close();
  }
}
