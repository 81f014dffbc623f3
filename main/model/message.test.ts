import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { headerSchema } from './message.ts';

const id = 'A'.repeat(22);
const plain = {
  v: 1,
  id,
  talker: id,
  from: '101',
  to: '102',
  ssrc: 1,
  startedAt: 0,
  recipients: [id],
  keys: [],
};

describe('the name of who spoke a message that is handed on', () => {
  it('may be absent, as in headers of before', () => {
    assert.deepEqual(v.parse(headerSchema, plain), plain);
  });

  it('is a name, and nothing longer or stranger', () => {
    assert.equal(v.parse(headerSchema, { ...plain, forwardedFrom: 'Ann' }).forwardedFrom, 'Ann');
    for (const forwardedFrom of ['', ' ', 'x'.repeat(65), 'A\u0007nn', 'A\u202enn', 7, null, ['Ann']])
      assert.equal(
        v.safeParse(headerSchema, { ...plain, forwardedFrom }).success,
        false,
        String(forwardedFrom),
      );
  });

  it('is passed over by who does not know of it', () => {
    const before = v.omit(headerSchema, ['forwardedFrom']);
    assert.deepEqual(v.parse(before, { ...plain, forwardedFrom: 'Ann' }), plain);
  });
});

describe('a time', () => {
  it('is one that a date can hold: any other could not be shown', () => {
    assert.ok(v.is(headerSchema, { ...plain, startedAt: 8.64e15 }));
    for (const startedAt of [8.64e15 + 1, 2 ** 53, 1e300, Number.NaN, -1, 0.5, '0'])
      assert.equal(v.is(headerSchema, { ...plain, startedAt }), false, String(startedAt));
  });
});
