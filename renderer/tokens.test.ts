import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

const css = read('tokens.css');
const [, first = '', dark = ''] =
  /^:root \{(.*?)^\}.*?prefers-color-scheme: dark\) \{\s*:root \{(.*?)^ {2}\}/ms.exec(css) ?? [];
const light = colours(first);
const schemes = { light, dark: { ...light, ...colours(dark) } };

const TEXT = 4.5;
const MARK = 3;
const SURFACES = ['surface', 'sunken', 'raised', 'hover'];

/** Each text and mark, the surface that it is drawn on, and the contrast it needs (WCAG 2.2, 1.4.3 and 1.4.11). */
const pairs: readonly (readonly [mark: string, on: readonly string[], atLeast: number])[] = [
  ['text', [...SURFACES, 'live-soft', 'unheard-soft', 'warning-soft'], TEXT],
  ['muted', [...SURFACES, 'live-soft', 'unheard-soft'], TEXT],
  ['live', [...SURFACES, 'live-soft'], TEXT],
  ['unheard', [...SURFACES, 'unheard-soft'], TEXT],
  ['warning', ['warning-soft'], TEXT],
  ['available-text', ['available-soft'], TEXT],
  ['on-action', ['action'], TEXT],
  ['on-live', ['live'], TEXT],
  ['on-unheard', ['unheard', 'focus'], TEXT],
  ['edge', ['surface', 'sunken', 'raised'], MARK],
  ['focus', [...SURFACES, 'live-soft', 'unheard-soft'], MARK],
  ['available', [...SURFACES, 'line', 'available-soft'], MARK],
  ['busy', [...SURFACES, 'warning-soft'], MARK],
  ['live', ['line'], MARK],
  ['unheard', ['line'], MARK],
];

for (const [scheme, tokens] of Object.entries(schemes)) {
  describe(`contrast, ${scheme}`, () => {
    for (const [mark, surfaces, atLeast] of pairs) {
      for (const surface of surfaces) {
        test(`${mark} on ${surface} is at least ${atLeast}:1`, () => {
          const found = contrast(token(tokens, mark), token(tokens, surface));
          assert.ok(found >= atLeast, `${found.toFixed(2)}:1`);
        });
      }
    }
  });
}

test('every colour of the light scheme has one for the dark', () => {
  const missing = Object.keys(light).filter((name) => !(name in colours(dark)));
  assert.deepEqual(missing, []);
});

test('every token that a style uses is defined', () => {
  const styles = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:css|svelte)$/.test(path))
    .map(read);
  // Also those that one component alone defines, as `--row: …` or `style:--rows`.
  const defined = new Set(styles.flatMap((text) => names(text, /(--[a-z0-9-]+)(?=[:=])/g)));
  const used = styles.flatMap((text) => names(text, /var\((--[a-z0-9-]+)/g));
  assert.ok(used.length > 100);
  assert.deepEqual(
    used.filter((name) => !defined.has(name)),
    [],
  );
});

/** A file of the panel. */
function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

function names(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}

/** Names and values of the tokens that are plain colours. */
function colours(block: string): Record<string, string> {
  return Object.fromEntries(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function token(tokens: Record<string, string>, name: string): string {
  const value = tokens[name];
  assert.ok(value, `there is no --${name}`);
  return value;
}

/** WCAG 2.2's contrast ratio, 1 to 21. */
function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2's relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
