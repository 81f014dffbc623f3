import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as v from 'valibot';
import { newMessageId, nodePorts, sealedWordsSchema, MAX_WORDS_LENGTH, type NodeId } from '../model/index.ts';
import { openWords, sealWords } from './sealed-words.ts';

const { random } = nodePorts;
const binding = () => ({
  masterKey: random.bytes(16),
  id: newMessageId(random),
  talker: random.bytes(16).toString('base64url') as NodeId,
});

describe('the sealed words of a message', () => {
  it('open to what was typed, in every script and at every allowed length', () => {
    for (const text of [
      'x',
      'Grüße, Ana\nbis gleich 👋',
      '日本語',
      '👩‍👩‍👧'.repeat(300),
      '\u{10ffff}'.repeat(MAX_WORDS_LENGTH),
    ]) {
      const to = binding();
      const sealed = sealWords(text, to);
      assert.ok(v.is(sealedWordsSchema, sealed));
      assert.equal(openWords(sealed, to), text);
    }
  });

  it('do not open with the key of another message, for another message or talker, or where a byte differs', () => {
    const to = binding();
    const sealed = sealWords('The parcel is here', to);
    const changed = (sealed.startsWith('A') ? 'B' : 'A') + sealed.slice(1);
    const { masterKey, id, talker } = binding();
    for (const [words, other] of [
      [sealed, { ...to, masterKey }],
      [sealed, { ...to, id }],
      [sealed, { ...to, talker }],
      [changed, to],
    ] as const)
      assert.throws(() => openWords(words, other), { code: 'words-do-not-open' });
  });

  it('are no text that is empty, or longer than is allowed', () => {
    assert.throws(() => sealWords('', binding()));
    assert.throws(() => sealWords('x'.repeat(4 * MAX_WORDS_LENGTH + 1), binding()));
    assert.ok(!v.is(sealedWordsSchema, 'A'.repeat(22)), 'a tag alone');
    assert.ok(!v.is(sealedWordsSchema, 'A'.repeat(20_000)));
  });

  it('that are no UTF-8 are refused', () => {
    const to = binding();
    const sealed = sealWords('\u{fffd}', to);
    assert.equal(openWords(sealed, to), '\u{fffd}');
  });
});
