import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { localizedText } from '../../i18n/index.ts';
import { language, locale, sentence, speak, strings, systemLanguage, translated } from './index.ts';

afterEach(() => speak(null));

const nobody = localizedText('dial-nobody', 'Nobody has extension 999.', { extension: '999' });

test('strings and locale follow the language of the panel', async () => {
  await speak('en');
  assert.equal(strings.people, 'People');
  assert.equal(strings.step(1, 3), 'Step 1 of 3');
  await speak('de');
  assert.equal(language(), 'de');
  assert.equal(strings.people, 'Personen');
  assert.equal(strings.presence.away, 'Abwesend');
  assert.equal(locale(), 'de');
  await speak(null);
  assert.equal(language(), systemLanguage());
});

test('the node’s sentences and refusals follow too', async () => {
  await speak('de');
  assert.match(translated(nobody), /^Die Durchwahl 999 hat niemand/);
  assert.equal(translated({ sentence: null, phrase: null }), null);
  assert.match(sentence({ message: nobody.sentence, phrase: nobody.phrase }), /^Die Durchwahl 999/);
  await speak('en');
  assert.equal(translated(nobody), nobody.sentence);
});

test('a refusal without a phrase keeps its sentence, without Electron’s prefix', () => {
  assert.equal(sentence(new Error('No such device.')), 'No such device.');
  const overIpc = new Error("Error invoking remote method 'corridor:call': Error: No such device.");
  assert.equal(sentence(overIpc), 'No such device.');
  assert.equal(sentence('gone'), 'gone');
});

test('one person whose name has a comma is one', async () => {
  await speak('en');
  assert.equal(strings.callRecordedByThem('Li, Bo', 1), 'Li, Bo records this call');
  assert.equal(strings.callRecordedByThem('Bo, Kim', 2), 'Bo, Kim record this call');
  await speak('de');
  assert.equal(strings.callRecordedByThem('Li, Bo', 1), 'Li, Bo nimmt dieses Gespräch auf');
  assert.equal(strings.callRecordedByThem('Bo, Kim', 2), 'Bo, Kim nehmen dieses Gespräch auf');
});

test('the later of two quick choices counts', async () => {
  await speak('en');
  const earlier = speak('de');
  const later = speak('en');
  await Promise.all([earlier, later]);
  assert.equal(language(), 'en');
  await Promise.all([speak('de'), speak('en'), speak('de')]);
  assert.equal(strings.people, 'Personen');
});
