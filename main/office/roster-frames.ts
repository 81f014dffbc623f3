import type { ControlMessageOf } from '../signalling/index.ts';
import type { SentEntry } from './roster.ts';

/** A roster frame has about this many bytes: a thousand of the longest records would exceed a frame. */
const FRAME_BYTES = 128 * 1024;

/** The roster in frames; `full`: the frame holds all of it. */
export function rosterFrames(entries: readonly SentEntry[]): ControlMessageOf<'roster'>[] {
  const frames: SentEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = Buffer.byteLength(JSON.stringify(entry));
    if (bytes > room) {
      frames.push([]);
      room = FRAME_BYTES;
    }
    frames[frames.length - 1]?.push(entry);
    room -= bytes;
  }
  return frames.map((some) => ({ type: 'roster', entries: some, full: frames.length === 1 }));
}
