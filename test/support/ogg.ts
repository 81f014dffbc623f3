import assert from 'node:assert/strict';
import { OpusDecoder } from '../../native-audio/index.ts';

const HEADER_BYTES = 27;
const LAST = 4;

interface OggFile {
  /** Opus packets, without the two of the header. */
  readonly packets: readonly Uint8Array[];
  /** Its last page says that it is the last. */
  readonly isEnded: boolean;
  /** Samples at the end of the last page. */
  readonly granule: number;
}

/** Reads an Ogg file of whole pages, each packet in one page (RFC 3533 §6). Fails where there is anything else. */
export function readOgg(bytes: Buffer): OggFile {
  const packets: Uint8Array[] = [];
  let isEnded = false;
  let granule = 0;
  for (let at = 0, n = 0; at < bytes.length; n++) {
    assert.equal(bytes.toString('latin1', at, at + 4), 'OggS', `a page at ${at}`);
    assert.equal(bytes.readUInt32LE(at + 18), n, 'pages are numbered');
    assert.ok(!isEnded, 'nothing comes behind the last page');
    isEnded = (bytes.readUInt8(at + 5) & LAST) !== 0;
    granule = Number(bytes.readBigUInt64LE(at + 6));
    const lacing = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + bytes.readUInt8(at + 26));
    let from = at + HEADER_BYTES + lacing.length;
    let length = 0;
    for (const segment of lacing) {
      length += segment;
      if (segment === 255) continue;
      assert.ok(from + length <= bytes.length, 'the page is whole');
      packets.push(bytes.subarray(from, from + length));
      from += length;
      length = 0;
    }
    at = from;
  }
  return { packets: packets.slice(2), isEnded, granule };
}

/** What is heard of it: 48 kHz mono. */
export async function playOgg(bytes: Buffer): Promise<Int16Array> {
  const { packets } = readOgg(bytes);
  const decoder = await OpusDecoder.create();
  const frames = packets.map((packet) => decoder.decode(packet));
  decoder.free();
  return Int16Array.from(frames.flatMap((frame) => [...frame]));
}
