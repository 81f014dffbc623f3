import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runCorridor } from '../../test/support/command-line.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';

it('a node that cannot start says why, and ends', async () => {
  const given = ['--interface', '127.0.0.1', '--name', 'Dana', '--office', 'CORRIDOR-typo'];
  const { exit, printed } = await runCorridor(tempFolder('failed-start'), 'node', ...given);
  assert.match(printed, /^corridor: .*link.*\.$/m);
  assert.equal(exit, 1, printed);
});
