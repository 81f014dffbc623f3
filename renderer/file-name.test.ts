import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageSummary } from '../test/support/message-summary.ts';
import { fileName } from './file-name.ts';

const startedAt = new Date(2026, 4, 3, 9, 5).getTime();
const message = (name: string, number = '4821') => messageSummary({ name, number, startedAt });

test('a saved message is named by its person, time and number', () => {
  assert.equal(fileName(message('Dana Ruiz'), 'ogg'), 'Dana Ruiz 2026-05-03 09.05 (4821).ogg');
  assert.equal(fileName(message('李 小龙', ''), 'wav'), '李 小龙 2026-05-03 09.05.wav');
});

test('a name cannot leave its folder, and every file system takes it', () => {
  assert.equal(fileName(message('../../etc/passwd', ''), 'ogg'), 'etc passwd 2026-05-03 09.05.ogg');
  assert.equal(fileName(message('C:\\a\n\u202eb. ', ''), 'ogg'), 'C a b 2026-05-03 09.05.ogg');
  assert.equal(fileName(message('???', ''), 'ogg'), 'Corridor 2026-05-03 09.05.ogg');
  assert.ok(fileName(message('x'.repeat(500)), 'ogg').length < 100);
});
