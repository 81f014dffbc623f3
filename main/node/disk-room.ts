import type { Clock, Schedule } from '../model/index.ts';

/** How often the system is asked how much is free, ms. */
const LOOK_EVERY_MS = 10_000;
/** A disk that was full has room again once there was room for this long, ms. At its edge there is some every other moment. */
const ROOM_AFTER_MS = 30_000;

const MEGABYTE = 2 ** 20;
/** With less than this the disk is full: 16 MB, of a small disk a thirty-second. */
const isFullWith = ({ freeBytes, totalBytes }: Space) => freeBytes < Math.min(16 * MEGABYTE, totalBytes / 32);
/** With this much it has room again: 64 MB, of a small disk an eighth. */
const isRoomyWith = ({ freeBytes, totalBytes }: Space) =>
  freeBytes >= Math.min(64 * MEGABYTE, totalBytes / 8);

/** The disk that a folder is on, in bytes. */
export interface Space {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

interface DiskRoomParts {
  /** Whether the disk refuses what the message store writes. */
  readonly isRefused: () => boolean;
  /** Resolves with undefined where the system does not say. */
  readonly space: () => Promise<Space | undefined>;
  readonly changed: () => void;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly schedule: Schedule;
}

/** Whether this computer has room to keep messages for others. A disk at its edge does not change that all the time. */
export class DiskRoom {
  readonly #parts: DiskRoomParts;
  #space: Space | undefined;
  #isFull = false;
  /** Since when a full disk has had room, by the clock that nobody sets, ms. */
  #roomySince: number | undefined;
  #cancelLook: (() => void) | undefined;
  #closed = false;

  constructor(parts: DiskRoomParts) {
    this.#parts = parts;
    void this.#measure();
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** To be called when the disk begins or ceases to refuse what is written. */
  look(): void {
    const { isRefused, clock, changed } = this.#parts;
    const refuses = isRefused();
    const isFull = refuses || (this.#space !== undefined && isFullWith(this.#space));
    const isRoomy = !refuses && (this.#space === undefined || isRoomyWith(this.#space));
    const now = clock.monotonic();
    this.#roomySince = isRoomy ? (this.#roomySince ?? now) : undefined;
    const isOver = this.#roomySince !== undefined && now - this.#roomySince >= ROOM_AFTER_MS;
    const before = this.#isFull;
    this.#isFull = isFull || (before && !isOver);
    if (this.#isFull !== before) changed();
  }

  close(): void {
    this.#closed = true;
    this.#cancelLook?.();
  }

  async #measure(): Promise<void> {
    const { space, schedule } = this.#parts;
    this.#space = await space();
    if (this.#closed) return;
    this.look();
    this.#cancelLook = schedule(() => void this.#measure(), LOOK_EVERY_MS);
  }
}
