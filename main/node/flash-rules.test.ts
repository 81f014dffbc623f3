import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flashOf, newsIn, ringingIn, type Calling, type FlashFacts } from './flash-rules.ts';

const FLASH: FlashFacts = { signals: 'flash', isLocked: false, isQuiet: false };
const SOUNDING = { type: 'sounding', name: 'Ana', isPage: false, isChosen: false } as const;
const ALL: readonly Calling[] = [
  SOUNDING,
  { ...SOUNDING, isPage: true },
  { type: 'waits', name: 'Ana' },
  { type: 'notification', name: 'Ana' },
  { type: 'asked', by: 'request' },
  { type: 'asked', by: 'move' },
];
const causes = (facts: FlashFacts) => ALL.map((calling) => flashOf(calling, facts)?.cause ?? null);

describe('what would sound to call a person', () => {
  it('flashes instead, or as well, by their choice', () => {
    const expected = ['speaks', 'pages', 'waits', 'message', 'request', 'move'];
    assert.deepEqual(causes(FLASH), expected);
    assert.deepEqual(causes({ ...FLASH, signals: 'both' }), expected);
    assert.deepEqual(causes({ ...FLASH, signals: 'sound' }), [null, null, null, null, null, null]);
    assert.deepEqual(flashOf(SOUNDING, FLASH), { cause: 'speaks', name: 'Ana', lasts: false });
  });

  it('names nobody behind a locked screen, and flashes not at all there', () => {
    assert.deepEqual(causes({ ...FLASH, isLocked: true }), [null, null, null, null, null, null]);
  });

  it('flashes for no notification where none is wanted, and for what is heard all the same', () => {
    assert.deepEqual(causes({ ...FLASH, isQuiet: true }), ['speaks', 'pages', 'waits', null, null, null]);
  });

  it('does not flash for what the person plays', () => {
    assert.equal(flashOf({ ...SOUNDING, isChosen: true }, FLASH), null);
  });
});

const CALL = {
  ...{ id: 'c' as never, person: 'ana' as never, direction: 'in' as const, state: 'ringing' as const },
  ...{ isIncoming: true, isAutomatic: false, isRecordedByThem: false },
};
const ANSWERED = { ...CALL, state: 'active' as const, isIncoming: false };

describe('a call', () => {
  it('flashes as long as it rings here', () => {
    assert.equal(ringingIn([ANSWERED, CALL], FLASH), CALL);
    assert.equal(ringingIn([{ ...CALL, state: 'waiting' }], FLASH)?.state, 'waiting');
    for (const quiet of [{ ...CALL, state: 'notified' as const }, ANSWERED])
      assert.equal(ringingIn([quiet], FLASH), undefined);
    assert.equal(ringingIn([CALL], { ...FLASH, signals: 'sound' }), undefined);
    assert.equal(ringingIn([CALL], { ...FLASH, isLocked: true }), undefined);
  });

  it('that is answered by itself, or recorded by them, flashes once for that', () => {
    const automatic = { ...ANSWERED, isAutomatic: true };
    const recorded = { ...automatic, isRecordedByThem: true };
    assert.equal(newsIn([], [ANSWERED], FLASH), undefined, 'a person answered it');
    assert.equal(newsIn([CALL], [automatic], FLASH)?.cause, 'answered');
    assert.equal(newsIn([automatic], [automatic], FLASH), undefined);
    assert.equal(newsIn([automatic], [recorded], FLASH)?.cause, 'records');
    assert.equal(newsIn([recorded], [recorded], FLASH), undefined);
    assert.equal(newsIn([], [{ ...automatic, direction: 'out' }], FLASH), undefined, 'theirs did');
    assert.equal(newsIn([automatic], [recorded], { ...FLASH, isLocked: true }), undefined);
  });
});
