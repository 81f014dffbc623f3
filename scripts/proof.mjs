// npm run proof: what takes too long for every change. All of it runs, whatever fails; the last lines say what held.
import { runHere, typescriptNode } from './project.mjs';

const node = typescriptNode();
const STEPS = [
  { name: 'tests of the group proof', args: ['scripts/test.mjs', '--group=proof'] },
  { name: 'two thousand simulated offices', args: ['test/simulation/main.ts', '--seeds', '2000'] },
  { name: 'fuzz, ten minutes', args: ['test/fuzz/main.ts', '--for', '10m'] },
  { name: 'torture, twenty rounds', args: ['test/torture/main.ts', '--rounds', '20'] },
];

const lines = [];
for (const { name, args } of STEPS) {
  console.log(`proof: ${name}`);
  const code = await runHere(node, args);
  if (code !== 0) process.exitCode = 1;
  lines.push(`proof: ${name}: ${code === 0 ? 'held' : 'FAILED'}`);
}
for (const line of lines) console.log(line);
