import type { Person, Status } from '../../preload/api.ts';
import { Bitmap, type Colour } from './bitmap.ts';
import { strings } from './strings.ts';

export type TrayState =
  | { readonly kind: 'idle' | 'talking' | 'hearing' | 'dnd' }
  | { readonly kind: 'unheard'; readonly count: number }
  | { readonly kind: 'trouble'; readonly sentence: string };

/** What the icon says: the most pressing thing alone. */
export function trayState(status: Status, people: readonly Person[]): TrayState {
  if (status.talking) return { kind: 'talking' };
  if (people.some((person) => person.speaking)) return { kind: 'hearing' };
  if (status.unheard > 0) return { kind: 'unheard', count: status.unheard };
  const [trouble] = status.troubles;
  if (trouble) return { kind: 'trouble', sentence: trouble.sentence };
  return { kind: status.presence === 'dnd' ? 'dnd' : 'idle' };
}

export function trayTooltip(state: TrayState): string {
  switch (state.kind) {
    case 'unheard':
      return strings.tooltip.unheard(state.count);
    case 'trouble':
      return strings.tooltip.trouble(state.sentence);
    case 'idle':
    case 'talking':
    case 'hearing':
    case 'dnd':
      return strings.tooltip[state.kind];
  }
}

const WHITE: Colour = [255, 255, 255];
const TILE: Colour = [88, 93, 107];
const LIVE: Colour = [208, 44, 44];
const UNHEARD: Colour = [37, 104, 219];
const WARNING: Colour = [196, 120, 0];
const FAINT: Colour = [128, 96, 150];

/** Half the lengths of the five bars, in parts of the tile: a wave, and a corridor seen along its axis. */
const BARS = [0.3, 0.2, 0.11, 0.2, 0.3];

/** The icon as premultiplied BGRA, `size` pixels square. Tiles with white marks are seen on light and on dark panels. */
export function drawTrayIcon(state: TrayState, size: number): Uint8Array {
  const bitmap = new Bitmap(size);
  const tile = { talking: LIVE, hearing: LIVE, dnd: FAINT, idle: TILE, unheard: TILE, trouble: TILE }[
    state.kind
  ];
  bitmap.roundedTile(tile, size * 0.22);
  if (state.kind === 'talking') microphone(bitmap, size);
  else if (state.kind === 'dnd') bitmap.rectangle(WHITE, size * 0.22, size * 0.42, size * 0.56, size * 0.16);
  else bars(bitmap, size);
  if (state.kind === 'unheard') count(bitmap, size, state.count);
  if (state.kind === 'trouble') exclamation(bitmap, size);
  return bitmap.bytes;
}

function bars(bitmap: Bitmap, size: number): void {
  const width = Math.max(1, Math.round(size * 0.09));
  const pitch = Math.max(width + 1, Math.round(size * 0.16));
  const left = Math.round((size - (pitch * (BARS.length - 1) + width)) / 2);
  BARS.forEach((half, n) => {
    const height = Math.max(2, Math.round(size * half) * 2);
    bitmap.rectangle(WHITE, left + n * pitch, Math.round((size - height) / 2), width, height);
  });
}

function microphone(bitmap: Bitmap, size: number): void {
  const middle = size / 2;
  const radius = size * 0.14;
  bitmap.disc(WHITE, middle, size * 0.3, radius);
  bitmap.rectangle(WHITE, middle - radius, size * 0.3, radius * 2, size * 0.22);
  bitmap.disc(WHITE, middle, size * 0.52, radius);
  bitmap.rectangle(WHITE, middle - size * 0.04, size * 0.68, size * 0.08, size * 0.14);
  bitmap.rectangle(WHITE, middle - size * 0.18, size * 0.78, size * 0.36, size * 0.08);
}

function exclamation(bitmap: Bitmap, size: number): void {
  const radius = size * 0.3;
  const centre = size - radius;
  bitmap.disc(WARNING, centre, centre, radius);
  const width = Math.max(1, Math.round(size / 16));
  bitmap.rectangle(
    WHITE,
    Math.round(centre - width / 2),
    Math.round(centre - radius * 0.6),
    width,
    Math.round(radius * 0.7),
  );
  bitmap.rectangle(WHITE, Math.round(centre - width / 2), Math.round(centre + radius * 0.4), width, width);
}

/** Digits of 3 × 5 cells, a row in three bits. */
const DIGITS = [
  [7, 5, 5, 5, 7],
  [2, 6, 2, 2, 7],
  [7, 1, 7, 4, 7],
  [7, 1, 7, 1, 7],
  [5, 5, 7, 1, 1],
  [7, 4, 7, 1, 7],
  [7, 4, 7, 5, 7],
  [7, 1, 2, 2, 2],
  [7, 5, 7, 5, 7],
  [7, 5, 7, 1, 7],
];

/** How many wait, 1 to 9, more as a plus: whole pixels, so that it can be read at 16. */
function count(bitmap: Bitmap, size: number, waiting: number): void {
  const cell = Math.max(1, Math.round(size / 16));
  const radius = Math.round(cell * 4.5);
  const centre = size - radius;
  bitmap.disc(UNHEARD, centre, centre, radius);
  const left = Math.round(centre - cell * 1.5);
  const top = Math.round(centre - cell * 2.5);
  const rows = waiting > 9 ? [0, 2, 7, 2, 0] : (DIGITS[waiting] ?? []);
  rows.forEach((row, y) => {
    for (let x = 0; x < 3; x++) {
      if (row & (4 >> x)) bitmap.rectangle(WHITE, left + x * cell, top + y * cell, cell, cell);
    }
  });
}
