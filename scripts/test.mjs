// npm test [-- PATTERN … --group=unit|node|live|proof --no-lint --no-install]: installs what the tests need, checks, builds, and runs the
// test files whose paths contain one of the patterns, group by group. Prints what is missing, and skips the tests that need it. With a
// pattern or a group the check is left out.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { build } from './build.mjs';
import { findElectron } from './electron.mjs';
import { whyNoPackages } from './packaging-tools.mjs';
import { root, runHere, typescriptNode } from './project.mjs';
import { GROUPS, testFiles } from './test-groups.mjs';
import { preparePackages, prepareSoundBinding } from './test-packages.mjs';
import { closingLines, parseResults, withSecondTry } from './test-results.mjs';

/** A test that takes longer is taken to hang. */
const TEST_TIMEOUT_MS = 300_000;
/** The cache of compiled code: stripping types and compiling takes longer than most tests. */
const CODE_CACHE = join(root, 'node_modules', '.cache', 'test-code');
const NEEDS_ELECTRON = /^test\/desktop\/|^scripts\/dist\.live\./;
const MAKES_PACKAGES = /^test\/desktop\/(deb|appimage)\./;
const FLAGS = ['--no-lint', '--no-install', ...GROUPS.map(({ name }) => `--group=${name}`)];

const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const patterns = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknown = flags.find((flag) => !FLAGS.includes(flag));
if (unknown) stop(`${unknown} is not known; there are ${FLAGS.join(', ')}`);

const chosen = GROUPS.filter(({ name }) => flags.includes(`--group=${name}`));
const isWhole = patterns.length === 0 && chosen.length === 0;
const wanted = await testFiles(patterns);
const groups = (chosen.length > 0 ? chosen : GROUPS.filter(({ isAsked }) => !isAsked || patterns.length > 0))
  .map((group) => ({ ...group, files: wanted.filter(group.holds) }))
  .filter(({ files }) => files.length > 0);
if (groups.length === 0) stop(`no test file's path holds ${patterns.join(' or ')}`);

const mayInstall = !flags.includes('--no-install');
// Here and in the programs that tests start, so that none of them downloads anything either.
if (!mayInstall) process.env['CORRIDOR_NO_INSTALL'] = '1';
const env = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH']}`,
};
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => (isInterrupted = true));

const steps = [];
if (isWhole && !flags.includes('--no-lint')) steps.push(await check());
if (groups.some(({ needsBuild }) => needsBuild)) await prepare();
for (const group of groups) if (!isInterrupted) steps.push(await runGroup(group));

for (const line of closingLines(steps)) console.log(line);
if (steps.some(({ isFailed }) => isFailed)) process.exitCode = 1;

function stop(sentence) {
  console.error(`test: ${sentence}`);
  process.exit(2);
}

/** Runs `npm run check`: types, lint, format and the panel's types. */
async function check() {
  const startedAt = performance.now();
  console.log('test: npm run check');
  const code = await runHere('npm', ['run', '--silent', 'check'], { env });
  return {
    name: 'check',
    durationMs: performance.now() - startedAt,
    isFailed: code !== 0,
    files: [],
    retried: [],
  };
}

/** Prepares for tests with whole nodes: bundles, sound, system tools, Electron, and what makes packages. */
async function prepare() {
  await preparePackages({ mayInstall });
  await prepareSoundBinding({ mayInstall });
  await build({ ifStale: true });
  const isAny = (kind) => groups.some(({ files }) => files.some((file) => kind.test(file)));
  if (!isAny(NEEDS_ELECTRON)) return;
  const electron = await findElectron({ forTests: true });
  if ('why' in electron) {
    console.log(`test: tests of the desktop app are skipped: ${electron.why}`);
    return;
  }
  const why = isAny(MAKES_PACKAGES) ? await whyNoPackages(electron, console.log) : undefined;
  if (why) console.log(`test: tests of packages are skipped: ${why}`);
}

/** Runs a group's files. In a group with `mayRetry` a failed file is run once more, and reported. */
async function runGroup({ name, files, atOnce, mayRetry, priority, cachesCode }) {
  const startedAt = performance.now();
  const runFiles = (these, most) => runTests(these, { atOnce: most, priority, cachesCode });
  console.log(`test: ${name}, ${files.length} files`);
  const { code, results } = await runFiles(files, atOnce);
  const failed = results.filter((result) => result.failed > 0).map(({ file }) => file);
  const done = (isFailed, all, retried) => ({
    name,
    durationMs: performance.now() - startedAt,
    isFailed,
    files: all,
    retried,
  });
  if (code === 0 || !mayRetry || isInterrupted || failed.length === 0) return done(code !== 0, results, []);
  console.log(
    `test: once more, because a busy computer disturbs what listens in real time: ${failed.join(', ')}`,
  );
  const second = await runFiles(failed, 1);
  return done(second.code !== 0, withSecondTry(results, second.results), failed);
}

async function runTests(files, { atOnce, priority, cachesCode }) {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-test-'));
  const resultsFile = join(folder, 'results');
  try {
    const code = await runHere(
      typescriptNode(),
      [
        ...['--test', `--test-concurrency=${atOnce}`, `--test-timeout=${TEST_TIMEOUT_MS}`],
        ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
        `--test-reporter=${join(root, 'scripts', 'test-reporter.mjs')}`,
        `--test-reporter-destination=${resultsFile}`,
        ...files,
      ],
      { env: cachesCode ? { ...env, NODE_COMPILE_CACHE: CODE_CACHE } : env, priority },
    );
    return { code, results: parseResults(readFileSync(resultsFile, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
