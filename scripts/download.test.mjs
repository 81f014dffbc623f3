import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { download, HOW_TO_FORBID } from './download.mjs';

/** The SHA-256 of no bytes. */
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const VARIABLE = 'CORRIDOR_NO_INSTALL';

/** Sets, or without a value removes, what forbids downloads, until the test ends. */
function setForbidden(t, value) {
  const before = process.env[VARIABLE];
  const set = (one) => (one === undefined ? delete process.env[VARIABLE] : (process.env[VARIABLE] = one));
  set(value);
  t.after(() => set(before));
}

/** Something that a program leaves in an empty folder. */
function wanted(t) {
  const folder = mkdtempSync(join(tmpdir(), 'corridor-download-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const args = ['-e', "require('node:fs').writeFileSync('it.tgz', '')"];
  return { what: 'it', command: process.execPath, args, folder, ending: '.tgz', sha256: EMPTY_SHA256 };
}

test('a download is announced, with how to forbid it', async (t) => {
  setForbidden(t, undefined);
  const lines = [];
  const it = wanted(t);
  assert.equal(await download(it, (line) => lines.push(line)), join(it.folder, 'it.tgz'));
  assert.deepEqual(lines, [`fetching it, once (${HOW_TO_FORBID})`]);
});

test('where downloads are forbidden nothing is fetched', async (t) => {
  setForbidden(t, '1');
  const it = wanted(t);
  await assert.rejects(
    download(it, () => assert.fail('it is announced')),
    /fetching it is forbidden/,
  );
  assert.deepEqual(readdirSync(it.folder), []);
});
