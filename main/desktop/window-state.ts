import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

const FILE = 'window.json';
export const MIN_WIDTH = 340;
export const MIN_HEIGHT = 420;

const pixels = v.pipe(v.number(), v.integer(), v.minValue(-32_768), v.maxValue(32_767));
const boundsSchema = v.object({
  v: v.literal(1),
  x: v.optional(pixels),
  y: v.optional(pixels),
  width: v.pipe(pixels, v.minValue(MIN_WIDTH)),
  height: v.pipe(pixels, v.minValue(MIN_HEIGHT)),
});
export type WindowBounds = v.InferOutput<typeof boundsSchema>;

const DEFAULT: WindowBounds = { v: 1, width: 400, height: 680 };

/** Where the panel was; the default where nothing usable was kept. */
export function readBounds(folder: string): WindowBounds {
  try {
    return v.parse(boundsSchema, JSON.parse(readFileSync(join(folder, FILE), 'utf8')));
  } catch {
    return DEFAULT;
  }
}

/** Errors are the caller's: a place that cannot be remembered is no reason to disturb anybody. */
export function writeBounds(folder: string, bounds: Omit<WindowBounds, 'v'>): void {
  const path = join(folder, FILE);
  writeFileSync(`${path}.new`, JSON.stringify({ v: 1, ...bounds }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The bounds without their place, where that is on no screen any more: at least a grip of the title has to be in sight. */
export function inSight(bounds: WindowBounds, screens: readonly Area[]): WindowBounds {
  const { x, y, ...size } = bounds;
  if (x === undefined || y === undefined) return size;
  const GRIP = 80;
  const seen = screens.some(
    (area) =>
      x + size.width - GRIP >= area.x &&
      x + GRIP <= area.x + area.width &&
      y >= area.y &&
      y + 40 <= area.y + area.height,
  );
  return seen ? bounds : size;
}
