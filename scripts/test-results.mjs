// The results of the tests, and the closing lines of `npm test`.

/**
 * The result of one test file.
 * @typedef {{ file: string, passed: number, failed: number, skipped: number, durationMs: number }} FileResult
 */

/**
 * The result of one step of `npm test`: the check, or one group of files. `isFailed` may be true without a failed file, for instance if the
 * runner itself could not start.
 * @typedef {{ name: string, durationMs: number, isFailed: boolean, files: FileResult[], retried: string[] }} StepResult
 */

const SLOWEST = 10;

/**
 * Reads the reporter's output.
 * @param {string} text
 * @returns {FileResult[]}
 */
export function parseResults(text) {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/**
 * The results of a step's first run, with those of the second run for the files that failed in the first.
 * @param {FileResult[]} first
 * @param {FileResult[]} second
 */
export function withSecondTry(first, second) {
  return first.map((result) => second.find(({ file }) => file === result.file) ?? result);
}

/**
 * The closing lines: each step with its time, the slowest files, each file that needed a second try, and the sum.
 * @param {StepResult[]} steps
 * @returns {string[]}
 */
export function closingLines(steps) {
  const files = steps.flatMap((step) => step.files);
  const slowest = [...files].sort((a, b) => b.durationMs - a.durationMs).slice(0, SLOWEST);
  const failing = files.filter(({ failed }) => failed > 0);
  const lines = ['', 'what took how long:'];
  for (const step of steps) {
    const told =
      step.files.length > 0 ? countsOf(step.files, step.isFailed) : step.isFailed ? 'failed' : 'passed';
    lines.push(`${seconds(step.durationMs)}  ${step.name.padEnd(6)} ${told}`);
  }
  if (slowest.length > 1) {
    lines.push('the slowest files:');
    for (const { file, durationMs } of slowest) lines.push(`${seconds(durationMs)}  ${file}`);
  }
  for (const { file } of failing) lines.push(`failed: ${file}`);
  for (const file of steps.flatMap((step) => step.retried))
    lines.push(`warning: needed a second try: ${file}`);
  lines.push(sum(steps));
  return lines;
}

/** The sum of all steps. The check counts as one test, and so does a runner that failed without naming a file. */
function sum(steps) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { files, isFailed } of steps) {
    for (const kind of Object.keys(total)) for (const file of files) total[kind] += file[kind];
    if (files.length === 0) total[isFailed ? 'failed' : 'passed'] += 1;
    else if (isFailed && files.every(({ failed }) => failed === 0)) total.failed += 1;
  }
  return `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`;
}

function countsOf(files, isFailed) {
  return `${files.length} files: ${sum([{ files, isFailed }])}`;
}

function seconds(durationMs) {
  return `${(durationMs / 1000).toFixed(1).padStart(8)} s`;
}
