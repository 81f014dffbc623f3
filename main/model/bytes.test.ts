import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { base64url, fromBase64url, toBase64url } from './bytes.ts';
import { messageIdSchema, newMessageId, nodeIdSchema } from './ids.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('bytes as text', () => {
  it('have one text: of all last characters, only those pass that encoding gives', () => {
    for (let length = 1; length <= 67; length += 1) {
      const start = toBase64url(randomBytes(length)).slice(0, -1);
      for (const last of DIGITS) {
        const text = start + last;
        const isItsOwn = fromBase64url(text).toString('base64url') === text;
        assert.equal(v.is(base64url(length), text), isItsOwn, `${length} bytes that end with ${last}`);
      }
    }
  });

  it('are of the length that is asked for, and no shorter or longer', () => {
    for (let length = 0; length <= 70; length += 1) {
      const text = toBase64url(randomBytes(length));
      assert.equal(v.is(base64url(65), text), length === 65, `${length} for 65`);
      assert.equal(v.is(base64url(16, 32), text), length >= 16 && length <= 32, `${length} for 16 to 32`);
    }
  });

  it('are refused with what base64url does not have, or where they are no text', () => {
    for (const wrong of ['=', '+', '/', ' ', '\n', '\u0000', 'é', '\ud800'])
      assert.equal(v.is(base64url(3), `AAA${wrong}`), false, JSON.stringify(wrong));
    for (const wrong of [null, undefined, 7, ['AAAA'], { length: 4 }])
      assert.equal(v.is(base64url(3), wrong), false);
  });

  it('name a node or a message in one way: 22 characters that do not re-encode to themselves are no id', () => {
    const id = newMessageId();
    assert.ok(v.is(messageIdSchema, id) && v.is(nodeIdSchema, id));
    const at = DIGITS.indexOf(id.slice(-1));
    const second = id.slice(0, -1) + DIGITS[at + 1];
    assert.deepEqual(fromBase64url(second), fromBase64url(id), 'the same bytes');
    assert.equal(v.is(messageIdSchema, second), false);
    assert.equal(v.is(nodeIdSchema, second), false);
  });
});
