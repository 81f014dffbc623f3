import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { Emitter, KEEP_DAYS_KEY, type NodeId } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';
import type { RetentionLimits } from '../store/index.ts';
import { applyKeeping, limitsNow } from './keeping.ts';
import type { Profile } from './profile.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const DANA = 'D'.repeat(22) as NodeId;

test('of a person’s days and the office’s the smaller number counts, at once, and who is there is noted', () => {
  const settings = new Map<string, string>();
  const events = new Emitter<{ changed: undefined; roster: undefined }>((error) =>
    assert.fail(error as Error),
  );
  const profile = { settings: { keepDays: 90, keepMegabytes: 100 } } as unknown as Profile;
  const session = {
    ...{ events, roster: { othersOnline: [{ node: DANA }] }, office: { ledger: { standing: { settings } } } },
  } as unknown as OfficeSession;
  const limits: RetentionLimits[] = [];
  const noted: NodeId[][] = [];
  const time = new HandTime();
  const keeping = applyKeeping({
    ...{ profile, session, schedule: time.schedule },
    messages: { retention: { setLimits: async (next: RetentionLimits) => void limits.push(next) } } as never,
    lastOnline: { note: (nodes) => void noted.push([...nodes]) },
  });
  const days = (): number[] => limits.map(({ retentionMs = 0 }) => retentionMs / DAY_MS);
  events.emit('changed', undefined);
  assert.deepEqual(days(), [], 'nothing has changed');
  settings.set(KEEP_DAYS_KEY, '30');
  events.emit('changed', undefined);
  events.emit('changed', undefined);
  settings.set(KEEP_DAYS_KEY, '400');
  events.emit('changed', undefined);
  settings.set(KEEP_DAYS_KEY, '');
  events.emit('changed', undefined);
  assert.deepEqual(days(), [30, 90, 90]);
  settings.set(KEEP_DAYS_KEY, '7');
  assert.equal(limitsNow(profile, session).retentionMs, 7 * DAY_MS);

  assert.deepEqual(noted, [[DANA]]);
  events.emit('roster', undefined);
  time.pass(60 * 60 * 1000);
  assert.equal(noted.length, 3);
  keeping.close();
  assert.deepEqual(time.dueIn, []);
});
