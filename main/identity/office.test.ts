import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { OfficeId } from './ledger/statement.ts';
import { loadOffice, OFFICE_FILE, saveOffice } from './office.ts';

function newOfficeId(): OfficeId {
  return randomBytes(16).toString('base64url') as OfficeId;
}

describe('office file', () => {
  it('is readable by its owner only, and set aside when damaged', async () => {
    const dir = tempFolder('office');
    assert.deepEqual(await loadOffice(dir), { kind: 'none' });
    const [first, second] = [newOfficeId(), newOfficeId()];
    await saveOffice(dir, first);
    assert.deepEqual(await loadOffice(dir), { kind: 'office', id: first });
    const path = join(dir, OFFICE_FILE);
    if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
    for (const text of ['', '{}', '{"version":1,"key":"AAAA"}', '{"version":2}', '{"version":3}']) {
      await writeFile(path, text);
      for (const start of ['first', 'next'])
        assert.equal((await loadOffice(dir)).kind, 'damaged', `${text}, the ${start} start`);
      assert.equal(await readFile(`${path}.damaged`, 'utf8'), text);
    }
    await saveOffice(dir, second);
    assert.deepEqual(await loadOffice(dir), { kind: 'office', id: second });
  });

  it('of version 1, which held a key, says that there was an office', async () => {
    const dir = tempFolder('office');
    const key = randomBytes(16).toString('base64url');
    await writeFile(join(dir, OFFICE_FILE), JSON.stringify({ version: 1, key }));
    assert.deepEqual(await loadOffice(dir), { kind: 'former' });
  });
});
