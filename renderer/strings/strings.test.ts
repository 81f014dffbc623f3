import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { de } from './de.ts';
import { enSettings } from './en-settings.ts';
import { en } from './en.ts';
import { firstKnown } from './language.ts';
import { language, locale, speak, strings } from './index.ts';

afterEach(() => speak(null));

/** Every string's path with its number of parameters. */
function shape(table: object, path = ''): string[] {
  return Object.entries(table).flatMap(([name, words]: [string, unknown]) => {
    const here = `${path}.${name}`;
    if (typeof words === 'function') return [`${here}(${words.length})`];
    if (typeof words === 'object' && words !== null) return shape(words, here);
    return [`${here} ${typeof words}`];
  });
}

/** Every string that takes no parameter, with its path. */
function texts(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([name, words]: [string, unknown]): [string, string][] => {
    if (typeof words === 'string') return [[`${path}.${name}`, words]];
    return typeof words === 'object' && words !== null ? texts(words, `${path}.${name}`) : [];
  });
}

test('both languages say the same things, with the same parameters', () => {
  assert.deepEqual(shape(de).sort(), shape(en).sort());
});

test('no string is empty, and none has space around it', () => {
  for (const [path, text] of [...texts(en), ...texts(de)]) {
    assert.ok(text !== '' && text === text.trim(), `${path}: ${JSON.stringify(text)}`);
  }
});

test('strings are those of the language that is spoken', () => {
  speak('en');
  assert.equal(strings.people, 'People');
  assert.equal(strings.step(1, 3), 'Step 1 of 3');
  speak('de');
  assert.equal(language(), 'de');
  assert.equal(strings.people, 'Personen');
  assert.equal(strings.presence.away, 'Abwesend');
  assert.equal(locale(), 'de');
});

test('of the languages a system wants, the first that there is', () => {
  assert.equal(firstKnown(['fr-CH', 'de-CH', 'en']), 'de');
  assert.equal(firstKnown(['EN-gb', 'de']), 'en');
  assert.equal(firstKnown(['fr', 'deu-x']), 'en');
  assert.equal(firstKnown([]), 'en');
});

test('no name stands for two strings', () => {
  for (const [name, words] of Object.entries(enSettings)) assert.equal(Reflect.get(en, name), words, name);
});
