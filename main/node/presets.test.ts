import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused } from '../../test/support/refused.ts';
import { presetAt } from './presets.ts';

test('the sentence of a place is the person’s own, otherwise the usual one of their language', async () => {
  assert.equal(await presetAt({ presets: ['On my way', 'Not today'], language: 'de' }, 2), 'Not today');
  assert.equal(await presetAt({ presets: null, language: 'en' }, 1), 'Coming');
  assert.equal(await presetAt({ presets: null, language: 'de' }, 3), 'Ruf mich zurück');
});

test('a place without a sentence is refused, with how many there are', async () => {
  await assert.rejects(presetAt({ presets: ['On my way'], language: 'en' }, 2), refused('no-preset'));
  await assert.rejects(presetAt({ presets: null, language: 'en' }, 9), {
    message: 'There is no sentence 9: your list has 3. Settings → Sound has the list.',
  });
});
