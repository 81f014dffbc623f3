import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { commonProtocol, PROTOCOLS, protocolRangeSchema } from './protocol.ts';

describe('protocols', () => {
  it('of two nodes: the highest that both have', () => {
    const own = { min: 2, max: 4 };
    assert.equal(commonProtocol({ min: 1, max: 2 }, own), 2);
    assert.equal(commonProtocol({ min: 1, max: 3 }, own), 3);
    assert.equal(commonProtocol({ min: 3, max: 9 }, own), 4);
    assert.equal(commonProtocol({ min: 3, max: 3 }, own), 3);
    assert.equal(commonProtocol({ min: 5, max: 9 }, own), undefined);
    assert.equal(commonProtocol({ min: 1, max: 1 }, own), undefined);
  });

  it('of a node that names none: the first', () => {
    assert.equal(commonProtocol(undefined, { min: 1, max: 2 }), 1);
    assert.equal(commonProtocol(undefined, { min: 2, max: 3 }), undefined);
  });

  it('of this Corridor are a range that others read', () => {
    assert.deepEqual(v.parse(protocolRangeSchema, PROTOCOLS), PROTOCOLS);
    for (const wrong of [{ min: 2, max: 1 }, { min: 0, max: 1 }, { min: 1 }, { min: 1, max: 1.5 }]) {
      assert.equal(v.is(protocolRangeSchema, wrong), false, JSON.stringify(wrong));
    }
  });
});
