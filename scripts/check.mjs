// npm run check: types, lint, format, the panel's types, and ARCHITECTURE's lists. Each program uses one core, so two run at a time; all
// of them run, so that everything that is wrong is told at once.
import { runHere, typescriptNode } from './project.mjs';

const node = typescriptNode();
const LANES = [
  [
    ['node_modules/eslint/bin/eslint.js', '.'],
    ['scripts/architecture.mjs', '--check'],
  ],
  [
    ['node_modules/typescript/bin/tsc', '--noEmit'],
    ['node_modules/svelte-check/bin/svelte-check', '--threshold', 'warning'],
    ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  ],
];

async function run(lane) {
  let isFailed = false;
  for (const args of lane) if ((await runHere(node, args)) !== 0) isFailed = true;
  return isFailed;
}

const lanes = await Promise.all(LANES.map(run));
if (lanes.includes(true)) process.exitCode = 1;
