import type { NodeId } from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { SentEntry } from './roster.ts';

/** A roster frame has about this many bytes: a thousand of the longest records would exceed a frame. */
const FRAME_BYTES = 128 * 1024;

/** The roster in frames: `full`, where one frame holds all of it; otherwise the last one names all its nodes. */
export function rosterFrames(
  entries: readonly SentEntry[],
  nodes: readonly NodeId[],
): ControlMessageOf<'roster'>[] {
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
  const isFull = frames.length === 1;
  return frames.map((some, at) => ({
    ...{ type: 'roster', entries: some, full: isFull },
    ...(!isFull && at === frames.length - 1 ? { nodes: [...nodes] } : {}),
  }));
}
