export type Colour = readonly [red: number, green: number, blue: number];

/** Samples a pixel's side at the edges of round shapes. */
const SAMPLES = 4;

/** A small square picture in premultiplied BGRA, as Electron's nativeImage takes it, with three shapes. */
export class Bitmap {
  readonly size: number;
  readonly bytes: Uint8Array;

  constructor(size: number) {
    this.size = size;
    this.bytes = new Uint8Array(size * size * 4);
  }

  disc(colour: Colour, x: number, y: number, radius: number): void {
    this.#fill(colour, (px, py) => (px - x) ** 2 + (py - y) ** 2 <= radius ** 2);
  }

  rectangle(colour: Colour, x: number, y: number, width: number, height: number): void {
    this.#fill(colour, (px, py) => px >= x && px < x + width && py >= y && py < y + height);
  }

  /** All of the picture, with round corners. */
  roundedTile(colour: Colour, radius: number): void {
    this.#fill(colour, (px, py) => {
      const dx = Math.max(radius - px, px - (this.size - radius), 0);
      const dy = Math.max(radius - py, py - (this.size - radius), 0);
      return dx * dx + dy * dy <= radius * radius;
    });
  }

  #fill([red, green, blue]: Colour, inside: (x: number, y: number) => boolean): void {
    for (let y = 0; y < this.size; y++) {
      for (let x = 0; x < this.size; x++) this.#blend(x, y, [blue, green, red, 255], coverage(x, y, inside));
    }
  }

  #blend(x: number, y: number, bgra: readonly number[], share: number): void {
    if (share === 0) return;
    const at = (y * this.size + x) * 4;
    for (let n = 0; n < 4; n++) {
      this.bytes[at + n] = Math.round((this.bytes[at + n] ?? 0) * (1 - share) + (bgra[n] ?? 0) * share);
    }
  }
}

/** The part of a pixel that is inside, 0 to 1. */
function coverage(x: number, y: number, inside: (x: number, y: number) => boolean): number {
  let hits = 0;
  for (let sy = 0; sy < SAMPLES; sy++) {
    for (let sx = 0; sx < SAMPLES; sx++) {
      if (inside(x + (sx + 0.5) / SAMPLES, y + (sy + 0.5) / SAMPLES)) hits += 1;
    }
  }
  return hits / SAMPLES ** 2;
}
