import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';

it('raises every thread there is, and those that come, or leaves all as it was', () => {
  const program = `
    import { raisePriority } from ${JSON.stringify(new URL('priority.ts', import.meta.url).href)};
    import { getPriority } from 'node:os';
    import { readFileSync, readdirSync } from 'node:fs';
    import { Worker } from 'node:worker_threads';
    const before = getPriority();
    const granted = raisePriority();
    const worker = new Worker('setInterval(() => undefined, 1000)', { eval: true });
    worker.once('online', () => {
      const of = (task) => Number(readFileSync('/proc/self/task/' + task + '/stat', 'utf8').split(') ')[1].split(' ')[16]);
      const all = process.platform === 'linux' ? readdirSync('/proc/self/task').map(of) : [getPriority()];
      console.log(JSON.stringify({ before, granted, all }));
      process.exit();
    });`;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  const { before, granted, all } = JSON.parse(ran.stdout) as {
    before: number;
    granted: boolean;
    all: number[];
  };
  const expected = granted ? (process.platform === 'win32' ? -7 : -11) : before;
  assert.ok(all.length > 0);
  assert.deepEqual([...new Set(all)], [expected], ran.stderr);
});
