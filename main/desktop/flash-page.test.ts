import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flashPage, shapeOf } from './flash-page.ts';

const size = { width: 1280, height: 900 };
const htmlOf = (text: string, lasts = false): string =>
  decodeURIComponent(flashPage(text, { lasts, language: 'en', size }).replace(/^data:[^,]*,/, ''));

test('the name of a colleague is text, whatever it is', () => {
  const html = htmlOf('<img src=x onerror="alert(1)"> & \'Ana\' speaks');
  assert.ok(html.includes('&#60;img src=x onerror=&#34;alert(1)&#34;&#62; &#38; &#39;Ana&#39; speaks'));
  assert.equal(html.match(/<(?:img|script)/), null);
});

test('its edge lights up twice a second at most, and not at all where less motion is wanted', () => {
  const [, seconds, times] = /once ([0-9.]+)s step-end ([0-9]+)/.exec(htmlOf('Ana speaks')) ?? [];
  assert.ok(1 / Number(seconds) <= 2, `every ${seconds} s`);
  assert.equal(Number(seconds) * Number(times), 1.5);
  const html = htmlOf('Ana is calling', true);
  assert.match(html, /class="edge lasts"/);
  const period = Number(/lasts ([0-9.]+)s/.exec(html)?.[1]);
  const [, lit = ''] = /@keyframes lasts \{ ([^{]*) \{ opacity: 1/.exec(html) ?? [];
  const at = lit.split(',').map((part) => (period * parseFloat(part)) / 100);
  assert.equal(at.length, 3);
  for (const [n, seconds] of at.entries())
    assert.ok(n === 0 || seconds - at[n - 1]! > 0.49, `${seconds} s after ${at[n - 1]} s`);
  assert.match(html, /prefers-reduced-motion: reduce\) { .edge, .lasts { animation: none; } }/);
});

test('what it covers lies on the screen, and leaves most of it free', () => {
  for (const { width, height } of [size, { width: 800, height: 600 }, { width: 3840, height: 2160 }]) {
    const shape = shapeOf({ width, height });
    for (const part of shape)
      assert.ok(part.x >= 0 && part.y >= 0 && part.x + part.width <= width && part.y + part.height <= height);
    const covered = shape.reduce((sum, part) => sum + part.width * part.height, 0);
    assert.ok(covered < 0.4 * width * height, `${covered} of ${width * height} pixels`);
  }
});
