import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';

const coordinate = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const length = v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(20_000));
const boundsSchema = v.object({
  v: v.literal(1),
  x: coordinate,
  y: coordinate,
  width: length,
  height: length,
});

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The panel's saved place; undefined if there is none, it is unreadable, or its screen is gone. `screens`: the work areas. */
export function readBounds(path: string, screens: readonly Rectangle[]): Rectangle | undefined {
  try {
    const { x, y, width, height } = v.parse(boundsSchema, JSON.parse(readFileSync(path, 'utf8')));
    const bounds = { x, y, width, height };
    return screens.some((screen) => overlaps(bounds, screen)) ? bounds : undefined;
  } catch {
    return undefined;
  }
}

/** Saves the panel's place, if the file is writable. */
export function writeBounds(path: string, { x, y, width, height }: Rectangle): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, JSON.stringify({ v: 1, x, y, width, height }), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch {
    // The panel opens at its default place next time.
  }
}

/** Whether a part of the window that a person can grasp is on the screen. */
function overlaps(a: Rectangle, b: Rectangle): boolean {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width >= 100 && height >= 50;
}
