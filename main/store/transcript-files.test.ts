import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { newMessageId, nodePorts } from '../model/index.ts';
import { TranscriptFiles } from './transcript-files.ts';

test('a folder that is not there yet holds none; later it holds what was written, whatever else is in it', async () => {
  const folder = join(tempFolder('transcripts'), 'transcripts');
  const files = new TranscriptFiles(folder, nodePorts);
  assert.deepEqual(await files.list(), []);
  const [kept, removed] = [newMessageId(), newMessageId()];
  for (const id of [kept, removed]) await files.write(id, 'sealed');
  await files.remove(removed);
  for (const name of ['notes.txt', `${'0'.repeat(32)}.crm`]) await writeFile(join(folder, name), '');
  assert.deepEqual(await files.list(), [kept]);
  assert.deepEqual([await files.read(kept), await files.read(removed)], ['sealed', undefined]);
});

test('a folder that cannot be read is an error, and not an empty one', async () => {
  const file = join(tempFolder('transcripts'), 'a-file');
  await writeFile(file, '');
  await assert.rejects(new TranscriptFiles(file, nodePorts).list(), { code: 'ENOTDIR' });
});
