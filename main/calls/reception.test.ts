import assert from 'node:assert/strict';
import { test } from 'node:test';
import { receiveCall, type CallFacts } from './reception.ts';

const AVAILABLE: CallFacts = {
  ...{ presence: 'available', isLocked: false, isIdle: false, isMuted: false },
  ...{ isChosen: false, isHere: true, canPlay: true, isEngaged: false },
};
const CHOSEN = { isChosen: true } as const;

for (const [facts, reception] of [
  [{}, 'ring'],
  [{ isIdle: true }, 'ring'],
  [{ isLocked: true }, 'notify'],
  [{ isMuted: true }, 'notify'],
  [{ presence: 'away' }, 'notify'],
  [{ presence: 'busy' }, 'miss'],
  [{ presence: 'dnd' }, 'miss'],
  [{ presence: 'dnd', isLocked: true }, 'miss'],
  [CHOSEN, 'answer'],
  [{ ...CHOSEN, isLocked: true }, 'notify'],
  [{ ...CHOSEN, isMuted: true }, 'notify'],
  [{ ...CHOSEN, presence: 'away' }, 'notify'],
  [{ ...CHOSEN, presence: 'busy' }, 'miss'],
  [{ ...CHOSEN, presence: 'dnd' }, 'miss'],
  [{ ...CHOSEN, isIdle: true }, 'ring'],
  [{ ...CHOSEN, isEngaged: true }, 'ring'],
  [{ ...CHOSEN, isHere: false }, 'ring'],
  [{ ...CHOSEN, canPlay: false }, 'ring'],
] as const)
  test(`a call of a colleague, ${JSON.stringify(facts)}: ${reception}`, () => {
    assert.equal(receiveCall({ ...AVAILABLE, ...facts }), reception);
  });
