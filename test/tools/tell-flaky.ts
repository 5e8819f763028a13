import type { Reporter, TestCase } from 'vitest/node';

/** Tells at the end which tests passed only after a first try that failed, and what that met: a retry must hide nothing. */
export class TellFlaky implements Reporter {
  readonly #flaky: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (!test.diagnostic()?.flaky) return;
    const [error] = test.result().errors ?? [];
    this.#flaky.push(`FLAKY ${test.module.relativeModuleId}: ${test.fullName}\n${error?.message ?? ''}`.trimEnd());
  }

  onTestRunEnd(): void {
    for (const one of this.#flaky) console.log(one);
    if (this.#flaky.length > 0) console.log(`${this.#flaky.length} flaky`);
  }
}
