import { createHash } from 'node:crypto';
import { MAX_FRAME_BYTES } from '../../main/signalling/frames.ts';

/** Of longer inputs only the beginning is looked at: TLS hands them up in pieces. */
const MARKED_BYTES = 1024;
const LENGTH_BYTES = 4;

/** Names a datagram, or a frame with its length, by its bytes: the same where it is sent and where it is handled. */
export function markOf(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes.subarray(0, MARKED_BYTES)).digest('base64url').slice(0, 12);
}

/** The marks of all frames in what a link hands up at once; of a piece from within a frame, one. */
export function marksOfFrames(bytes: Buffer): string[] {
  const marks: string[] = [];
  let at = 0;
  while (bytes.length - at > LENGTH_BYTES) {
    const length = bytes.readUInt32BE(at);
    if (length < 1 || length > MAX_FRAME_BYTES) break;
    marks.push(markOf(bytes.subarray(at, at + LENGTH_BYTES + length)));
    at += LENGTH_BYTES + length;
  }
  return marks.length > 0 ? marks : [markOf(bytes)];
}
