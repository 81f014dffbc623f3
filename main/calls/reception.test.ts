import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiveCall, type CallFacts } from './reception.ts';

const AVAILABLE: CallFacts = { presence: 'available', isLocked: false, isMuted: false };

for (const [facts, reception] of [
  [{}, 'ring'],
  [{ isLocked: true }, 'notify'],
  [{ isMuted: true }, 'notify'],
  [{ presence: 'away' }, 'notify'],
  [{ presence: 'busy' }, 'miss'],
  [{ presence: 'dnd' }, 'miss'],
  [{ presence: 'dnd', isLocked: true }, 'miss'],
] as const)
  test(`a call of a colleague, ${JSON.stringify(facts)}: ${reception}`, () => {
    assert.equal(receiveCall({ ...AVAILABLE, ...facts }), reception);
  });
