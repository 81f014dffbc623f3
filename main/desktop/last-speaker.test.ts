import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageSummary } from '../../test/support/message-summary.ts';
import { LastSpeaker } from './last-speaker.ts';

test('who spoke last is whose message came last, also where another talker’s clock is a year ahead', async () => {
  const bo = messageSummary({ id: 'bo', name: 'Bo', startedAt: 40_000_000_000, place: 1 });
  const ana = messageSummary({ id: 'ana', name: 'Ana', startedAt: 1_000, place: 2 });
  const last = new LastSpeaker({ call: (async () => [ana, bo]) as never });
  last.spoke(bo);
  last.spoke(ana);
  assert.equal(last.message?.name, 'Ana');
  // It changes: its place stays.
  last.spoke({ ...bo, heard: true });
  assert.equal(last.message?.name, 'Ana');
  await last.ask();
  assert.equal(last.message?.name, 'Ana', 'in whatever order the node names them');
});
