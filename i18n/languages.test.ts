import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { englishDesktop, loadDesktop } from './desktop.ts';
import { settings } from './en/settings.ts';
import { firstLanguage, isOf, languages, languageTags, SOURCE_LANGUAGE } from './languages.ts';
import { englishPanel, loadPanel } from './panel.ts';

const here = new URL('./', import.meta.url);

/** Every string's path with its number of parameters. */
function shape(table: object, path = ''): string[] {
  return Object.entries(table).flatMap(([name, value]: [string, unknown]) => {
    const at = `${path}.${name}`;
    if (typeof value === 'function') return [`${at}(${value.length})`];
    if (typeof value === 'object' && value !== null) return shape(value, at);
    return [`${at} ${typeof value}`];
  });
}

/** Every string that takes no parameter, with its path. */
function texts(table: object, path = ''): [string, string][] {
  return Object.entries(table).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (typeof value === 'string') return [[`${path}.${name}`, value]];
    return typeof value === 'object' && value !== null ? texts(value, `${path}.${name}`) : [];
  });
}

test('every folder is a language of the registry, and every language has a folder of at most five files', async () => {
  const entries = await readdir(here, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual(folders.sort(), [...languageTags].sort());
  for (const folder of folders) {
    assert.ok((await readdir(new URL(`${folder}/`, here))).length <= 5, folder);
  }
});

test('a package brings Chromium’s own texts in every language of the registry', async () => {
  const config = await readFile(new URL('../electron-builder.yml', here), 'utf8');
  const [, packed = ''] = /^electronLanguages: \[(.*)\]$/m.exec(config) ?? [];
  const missing = languageTags.filter((tag) => !packed.split(', ').includes(tag));
  assert.deepEqual(missing, []);
});

test('every language has a name of its own and a tag that dates and numbers can be written by', () => {
  const names = Object.values(languages);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(Intl.getCanonicalLocales(languageTags), languageTags);
});

for (const language of languageTags) {
  test(`${language}: panel and tray have the strings of English, with the same parameters`, async () => {
    const [panel, desktop] = await Promise.all([loadPanel(language), loadDesktop(language)]);
    assert.deepEqual([panel.language, desktop.language], [language, language]);
    assert.deepEqual(shape(panel.strings).sort(), shape(englishPanel.strings).sort());
    assert.deepEqual(shape(desktop.strings).sort(), shape(englishDesktop.strings).sort());
    for (const tables of [panel, desktop])
      assert.equal(tables.phrases === null, language === SOURCE_LANGUAGE);
  });

  test(`${language}: no string is empty, and none has space around it`, async () => {
    const [panel, desktop] = await Promise.all([loadPanel(language), loadDesktop(language)]);
    for (const [path, text] of [...texts(panel.strings), ...texts(desktop.strings)]) {
      assert.ok(text !== '' && text === text.trim(), `${path}: ${JSON.stringify(text)}`);
    }
  });
}

test('no name stands for two strings', () => {
  for (const [name, value] of Object.entries(settings)) {
    assert.equal(Reflect.get(englishPanel.strings, name), value, name);
  }
});

test('of the languages that a system wants, the first that the registry has', () => {
  assert.equal(firstLanguage(['zz-CH', 'de-CH', 'en']), 'de');
  assert.equal(firstLanguage(['de_AT.UTF-8', 'en']), 'de');
  assert.equal(firstLanguage(['EN-gb', 'de']), 'en');
  assert.equal(firstLanguage(['zz', 'deu-x']), 'en');
  assert.equal(firstLanguage(['']), 'en');
  assert.equal(firstLanguage([]), 'en');
});

test('a tag belongs to the language that it begins with', () => {
  assert.ok(isOf('de', 'de') && isOf('de-AT', 'de') && isOf('DE_ch', 'de'));
  assert.ok(!isOf('den', 'de') && !isOf('en-de', 'de'));
});
