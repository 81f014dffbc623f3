import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { messageIdSchema, newMessageId } from './ids.ts';

test('no message id begins with a hyphen, whatever chance gives', () => {
  for (let first = 0; first < 256; first += 1) {
    const id = newMessageId({ bytes: (count) => Buffer.alloc(count, first), fraction: () => 0 });
    assert.doesNotMatch(id, /^-/);
    assert.ok(v.is(messageIdSchema, id));
  }
});

test('ids differ in all other bits', () => {
  const ids = new Set(Array.from({ length: 1000 }, () => newMessageId()));
  assert.equal(ids.size, 1000);
  const bytes = [...ids].map((id) => Buffer.from(id, 'base64url'));
  for (let bit = 1; bit < 128; bit += 1) {
    const isSet = (id: Buffer) => ((id[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
    assert.ok(bytes.some(isSet) && !bytes.every(isSet), `bit ${bit}`);
  }
});
