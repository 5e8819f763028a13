import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take half a minute and longer although they are small, which is all that vitest goes by on a fresh clone. */
const long = [
  /\/test\/live\/(node|chromium|firefox|webkit)/,
  /\/examples\/demo\//,
  /\/collector\/test\/dashboard-views\./,
  /\/unit\/(privacy|host-safety)\./,
];

/** Begins with the files that take longest, of whatever project: begun last, each would be waited for alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => long.some((pattern) => pattern.test(moduleId));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
