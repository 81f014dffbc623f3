/** What the tray shows, and what the app's own icon is drawn by. Pure: shapes by signed distance, in a square from 0 to 1. */

export type IconState =
  | { readonly kind: 'idle' | 'talking' | 'spoken-to' | 'dnd' | 'trouble' }
  | { readonly kind: 'unheard'; readonly count: number };

type Colour = readonly [red: number, green: number, blue: number];
type Shape = (x: number, y: number) => number;

const WHITE: Colour = [255, 255, 255];
const COLOURS: Record<IconState['kind'], Colour> = {
  idle: [61, 90, 128],
  unheard: [61, 90, 128],
  talking: [200, 30, 45],
  'spoken-to': [22, 128, 60],
  dnd: [95, 99, 104],
  trouble: [176, 100, 0],
};
const BADGE: Colour = [214, 69, 0];

/** Digits in 3 by 5 dots, each row an octal digit. */
const DIGITS = [0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71222, 0o75757, 0o75717];

/** The icon in RGBA bytes, `size` pixels square; edges are smooth. No state is told by its colour alone. */
export function drawIcon(size: number, state: IconState): Uint8Array {
  const pixels = new Uint8Array(size * size * 4);
  const paint = (shape: Shape, colour: Colour): void => fill(pixels, size, shape, colour);
  paint(bubble, COLOURS[state.kind]);
  for (const shape of glyph(state.kind)) paint(shape, WHITE);
  if (state.kind === 'unheard') {
    paint(circle(0.71, 0.71, 0.31), WHITE);
    paint(circle(0.71, 0.71, 0.28), BADGE);
    for (const dot of digit(Math.min(9, state.count))) paint(dot, WHITE);
  }
  return pixels;
}

function glyph(kind: IconState['kind']): readonly Shape[] {
  switch (kind) {
    case 'talking':
      return [circle(0.5, 0.45, 0.2)];
    case 'dnd':
      return [box(0.5, 0.45, 0.26, 0.06)];
    case 'trouble':
      return [box(0.5, 0.37, 0.055, 0.17), circle(0.5, 0.68, 0.07)];
    case 'spoken-to':
      return bars([0.1, 0.22, 0.28, 0.22, 0.1]);
    case 'idle':
    case 'unheard':
      return bars([0.1, 0.2, 0.1]);
  }
}

/** Sound, as upright bars of these half heights. */
function bars(heights: readonly number[]): readonly Shape[] {
  const step = 0.145;
  return heights.map((height, index) =>
    box(0.5 + (index - (heights.length - 1) / 2) * step, 0.45, 0.045, height),
  );
}

/** A speech bubble. */
function bubble(x: number, y: number): number {
  const body = box(0.5, 0.45, 0.48, 0.42, 0.2)(x, y);
  // Its tail: right of x = 0.2, above the line that comes back from the tip.
  const tail = Math.max(0.2 - x, y - 0.99, (x - 0.2) * 0.8 + (y - 0.99) * 0.62, 0.7 - y);
  return Math.min(body, tail);
}

function digit(value: number): readonly Shape[] {
  const dots = DIGITS[value] ?? 0;
  const step = 0.09;
  const side = step / 2 + 0.004;
  return [0, 1, 2, 3, 4].flatMap((y) =>
    [0, 1, 2]
      .filter((x) => (dots >> ((4 - y) * 3 + 2 - x)) & 1)
      .map((x) => box(0.71 + (x - 1) * step, 0.71 + (y - 2) * step, side, side, 0)),
  );
}

function circle(cx: number, cy: number, radius: number): Shape {
  return (x, y) => Math.hypot(x - cx, y - cy) - radius;
}

/** A box by its middle and half sizes, its corners round. */
function box(
  cx: number,
  cy: number,
  halfWidth: number,
  halfHeight: number,
  round = Math.min(halfWidth, halfHeight),
): Shape {
  return (x, y) => {
    const dx = Math.abs(x - cx) - halfWidth + round;
    const dy = Math.abs(y - cy) - halfHeight + round;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - round;
  };
}

function fill(pixels: Uint8Array, size: number, shape: Shape, colour: Colour): void {
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const cover = Math.min(1, Math.max(0, 0.5 - shape((x + 0.5) / size, (y + 0.5) / size) * size));
      if (cover === 0) continue;
      const at = (y * size + x) * 4;
      const under = pixels[at + 3]! / 255;
      const alpha = cover + under * (1 - cover);
      for (let c = 0; c < 3; c += 1) {
        pixels[at + c] = Math.round((colour[c]! * cover + pixels[at + c]! * under * (1 - cover)) / alpha);
      }
      pixels[at + 3] = Math.round(alpha * 255);
    }
  }
}
