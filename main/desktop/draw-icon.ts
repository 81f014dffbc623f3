/** Draws the tray icon and the app's icon. Pure: shapes by signed distance, in a square from 0 to 1. */

export type IconState =
  | { readonly kind: 'idle' | 'talking' | 'spoken-to' | 'dnd' | 'alone' | 'trouble' }
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
  alone: [110, 134, 168],
  trouble: [176, 100, 0],
};
const BADGE: Colour = [214, 69, 0];

const BLACK: Colour = [0, 0, 0];

/** Digits in 3 by 5 dots, each row an octal digit; the last is a plus, for more than nine. */
const DIGITS = [
  0o75557, 0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71222, 0o75757, 0o75717, 0o02720,
];
const BADGE_X = 0.71;
const BADGE_Y = 0.71;

/** A part of the drawing, back to front. A `mark` is drawn light on a body, or cut out of a template. */
interface Layer {
  readonly shape: Shape;
  readonly as: 'body' | 'badge' | 'mark' | 'hole';
}

/**
 * The icon in RGBA bytes, `size` pixels square, with smooth edges. States differ by shape, never by colour alone. `isTemplate`: black
 * with holes, for menu bars that colour it themselves.
 */
export function drawIcon(size: number, state: IconState, isTemplate = false): Uint8Array {
  const pixels = new Uint8Array(size * size * 4);
  for (const { shape, as } of layers(state, size)) {
    if (as === 'hole' || (isTemplate && as === 'mark')) cut(pixels, size, shape);
    else if (isTemplate) fill(pixels, size, shape, BLACK);
    else fill(pixels, size, shape, as === 'mark' ? WHITE : as === 'badge' ? BADGE : COLOURS[state.kind]);
  }
  return pixels;
}

function layers(state: IconState, size: number): readonly Layer[] {
  const body: Layer = { shape: bubble, as: 'body' };
  const all = (shapes: readonly Shape[], as: Layer['as']): readonly Layer[] =>
    shapes.map((shape) => ({ shape, as }));
  const marks = glyph(state.kind);
  if (state.kind === 'alone') {
    // An outline: no colleague is online.
    return [body, { shape: (x, y) => bubble(x, y) + 0.085, as: 'hole' }, ...all(marks, 'body')];
  }
  if (state.kind !== 'unheard') return [body, ...all(marks, 'mark')];
  return [
    body,
    ...all(marks, 'mark'),
    { shape: circle(BADGE_X, BADGE_Y, 0.33), as: 'hole' },
    { shape: circle(BADGE_X, BADGE_Y, 0.28), as: 'badge' },
    ...all(digit(Math.min(state.count, 10), size), 'mark'),
  ];
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
    case 'alone':
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

/** Its dots are whole pixels, so that it is readable at 16 pixels. */
function digit(value: number, size: number): readonly Shape[] {
  const dots = DIGITS[value] ?? 0;
  const dot = Math.max(1, Math.floor(size * 0.0925));
  const left = Math.round(BADGE_X * size - 1.5 * dot);
  const top = Math.round(BADGE_Y * size - 2.5 * dot);
  const half = dot / 2 / size;
  return [0, 1, 2, 3, 4].flatMap((y) =>
    [0, 1, 2]
      .filter((x) => (dots >> ((4 - y) * 3 + 2 - x)) & 1)
      .map((x) => box((left + x * dot) / size + half, (top + y * dot) / size + half, half, half, 0)),
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
  eachPixel(size, shape, (at, cover) => {
    const under = pixels[at + 3]! / 255;
    const alpha = cover + under * (1 - cover);
    for (let c = 0; c < 3; c += 1) {
      pixels[at + c] = Math.round((colour[c]! * cover + pixels[at + c]! * under * (1 - cover)) / alpha);
    }
    pixels[at + 3] = Math.round(alpha * 255);
  });
}

function cut(pixels: Uint8Array, size: number, shape: Shape): void {
  eachPixel(size, shape, (at, cover) => (pixels[at + 3] = Math.round(pixels[at + 3]! * (1 - cover))));
}

/** Visits the pixels that the shape touches: where each begins, and how much of it is covered, 0 to 1. */
function eachPixel(size: number, shape: Shape, visit: (at: number, cover: number) => void): void {
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const cover = Math.min(1, Math.max(0, 0.5 - shape((x + 0.5) / size, (y + 0.5) / size) * size));
      if (cover > 0) visit((y * size + x) * 4, cover);
    }
  }
}
