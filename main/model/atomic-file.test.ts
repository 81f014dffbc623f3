import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { writeAtomically } from './atomic-file.ts';
import { nodePorts } from './node-ports.ts';

describe('a file written whole or not at all', () => {
  const folder = tempFolder('atomic');

  it('is replaced, is its owner’s alone, and leaves nothing beside it', async () => {
    const path = join(folder, 'a.json');
    await writeFile(path, 'old', { mode: 0o644 });
    await writeAtomically(path, 'new');
    assert.equal(await readFile(path, 'utf8'), 'new');
    if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
    await Promise.all(['1', '2', '3'].map((text) => writeAtomically(path, text)));
    assert.match(await readFile(path, 'utf8'), /^[123]$/);
    assert.deepEqual(await readdir(folder), ['a.json']);
  });

  it('stays as it was where it cannot be placed', async () => {
    const path = join(folder, 'a.json');
    await writeAtomically(path, 'old');
    const refuse = () => Promise.reject(new Error('no'));
    await assert.rejects(writeAtomically(path, 'new', nodePorts, refuse), /no/);
    await assert.rejects(writeAtomically(join(folder, 'missing', 'a.json'), 'new'), { code: 'ENOENT' });
    assert.equal(await readFile(path, 'utf8'), 'old');
    assert.deepEqual(await readdir(folder), ['a.json']);
    await writeAtomically(path, 'new');
    assert.equal(await readFile(path, 'utf8'), 'new');
  });
});
