import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawIcon, type IconState } from './draw-icon.ts';

const STATES: readonly IconState[] = [
  { kind: 'idle' },
  { kind: 'talking' },
  { kind: 'spoken-to' },
  { kind: 'dnd' },
  { kind: 'alone' },
  { kind: 'trouble' },
  { kind: 'unheard', count: 1 },
  { kind: 'unheard', count: 8 },
  { kind: 'unheard', count: 10 },
];
/** The sizes that menu bars and panels ask for at 1×, 1.25×, 1.5×, 2× and 3×. */
const SIZES = [16, 18, 20, 22, 24, 32, 36, 48, 54, 96];
/** Two icons that differ in this many pixels, by half of full cover, look different at a glance. */
const TOLD_APART = 0.015;

test('each state differs from each other without colour, at each size', () => {
  for (const size of SIZES) {
    const drawn = STATES.map((state) => alpha(drawIcon(size, state, true)));
    drawn.forEach((one, i) =>
      drawn.slice(i + 1).forEach((other, k) => {
        const different = one.filter((value, at) => Math.abs(value - (other[at] ?? 0)) > 127).length;
        assert.ok(
          different / one.length >= TOLD_APART,
          `${size}: ${JSON.stringify(STATES[i])} and ${JSON.stringify(STATES[i + 1 + k])}: ${different} pixels`,
        );
      }),
    );
  }
});

test('a template is black with holes, as macOS wants it', () => {
  for (const state of STATES) {
    const pixels = drawIcon(36, state, true);
    for (let at = 0; at < pixels.length; at += 4) {
      if (pixels[at + 3] === 0) continue;
      assert.deepEqual([...pixels.subarray(at, at + 3)], [0, 0, 0], state.kind);
    }
  }
});

test('a digit’s dots are whole pixels: white or badge, nothing between', () => {
  const size = 16;
  const pixels = drawIcon(size, { kind: 'unheard', count: 1 });
  // The middle column of the 1, seen from above: its dots and what lies beside them.
  const row = (y: number) => [9, 10, 11, 12, 13].map((x) => pixels[(y * size + x) * 4 + 2] ?? 0);
  const values = [10, 11, 12].flatMap(row);
  assert.ok(values.includes(255), 'there are dots');
  assert.ok(values.every((blue) => blue === 255 || blue < 60));
});

function alpha(pixels: Uint8Array): readonly number[] {
  return Array.from({ length: pixels.length / 4 }, (_, at) => pixels[at * 4 + 3] ?? 0);
}
