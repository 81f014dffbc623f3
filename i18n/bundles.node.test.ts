import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { loadDesktop } from './desktop.ts';
import { languageTags, type Language } from './languages.ts';
import { loadPanel } from './panel.ts';

/** Long enough that the node has no sentence of its own with the same text. */
const LEAST_LENGTH = 60;

/** Long strings of a table. Strings with line breaks or quotes, which a bundle may write in several ways, are left out. */
function longTexts(table: object): readonly string[] {
  return Object.values(table).flatMap((value: unknown): readonly string[] => {
    if (typeof value === 'object' && value !== null) return longTexts(value);
    return typeof value === 'string' && value.length >= LEAST_LENGTH && /^[^\n"'`\\]+$/.test(value)
      ? [value]
      : [];
  });
}

/** Sentences of the node that take no detail and are not put together from parts. */
async function sentences(language: Language): Promise<readonly string[]> {
  const { phrases } = await loadPanel(language);
  const makers = Object.values(phrases ?? {}) as ((details: object) => string)[];
  return longTexts(
    makers.filter((make) => make.length === 0 && !String(make).includes('${')).map((make) => make({})),
  );
}

async function bundle(name: string): Promise<string> {
  const text = await readFile(new URL(`../dist/${name}.cjs`, import.meta.url), 'utf8');
  // The bundler breaks long lines inside strings, and escapes what is not ASCII.
  return text
    .replaceAll('\\\n', '')
    .replace(
      /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2}))/gi,
      (_, ...codes: (string | undefined)[]) =>
        String.fromCodePoint(parseInt(codes.slice(0, 3).find((code) => code !== undefined) ?? '', 16)),
    );
}

describe('a bundle holds only the sentences that its process shows', () => {
  for (const name of ['corridor', 'worker', 'demo', 'preload']) {
    test(`${name}: no panel, no tray, no translations`, async () => {
      const text = await bundle(name);
      for (const language of languageTags) {
        const { strings: panel } = await loadPanel(language);
        const { strings: tray } = await loadDesktop(language);
        const known = [...longTexts(panel), ...longTexts(tray), ...(await sentences(language))];
        assert.ok(known.length > 5);
        assert.deepEqual(
          known.filter((each) => text.includes(each)),
          [],
          language,
        );
      }
    });
  }

  test('desktop: tray and translations of every language, and no panel', async () => {
    const text = await bundle('desktop');
    const expected: string[] = [];
    for (const language of languageTags) {
      const { strings: panel } = await loadPanel(language);
      const { strings: tray } = await loadDesktop(language);
      assert.deepEqual(
        longTexts(panel).filter((each) => text.includes(each)),
        [],
      );
      expected.push(...longTexts(tray), ...(await sentences(language)));
    }
    assert.ok(expected.length > 5);
    for (const each of expected) assert.ok(text.includes(each), each);
  });
});
