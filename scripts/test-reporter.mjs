// A reporter for node --test: one line of JSON for each test file, as FileResult in test-results.mjs describes it.
import { relative } from 'node:path';

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* testReporter(source) {
  /** @type {Map<string, import('./test-results.mjs').FileResult>} */
  const results = new Map();
  const resultOf = (path) => {
    const file = relative(process.cwd(), path);
    const result = results.get(file) ?? { file, passed: 0, failed: 0, skipped: 0, durationMs: 0 };
    results.set(file, result);
    return result;
  };
  for await (const { type, data } of source) {
    // `entryFile` names the file that was run, also for a test that a helper defines.
    const path = data?.entryFile ?? data?.file;
    if (path === undefined) continue;
    if (type === 'test:summary') {
      const { passed, failed, cancelled, skipped, todo } = data.counts;
      const result = resultOf(path);
      result.passed = passed;
      result.failed = Math.max(result.failed, failed + cancelled);
      result.skipped = skipped + todo;
      result.durationMs = data.duration_ms;
    } else if (type === 'test:fail') {
      // A file that cannot be loaded has no summary, so the file itself counts as failed, as does a failed suite without failed tests.
      const result = resultOf(path);
      result.failed = Math.max(result.failed, 1);
    }
  }
  for (const result of results.values()) yield `${JSON.stringify(result)}\n`;
}
