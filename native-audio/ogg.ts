import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from './frame.ts';
import { OPUS_LOOKAHEAD_SAMPLES } from './opus.ts';

/** Half a second in a page. A packet of 1400 bytes takes six of the 255 segments: see `MAX_SEGMENTS`. */
const PACKETS_PER_PAGE = 50;
const MAX_SEGMENTS = 255;
const FLAG_FIRST = 2;
const FLAG_LAST = 4;
const HEADER_BYTES = 27;

interface OggTags {
  readonly title?: string;
  readonly artist?: string;
  /** ISO 8601. */
  readonly date?: string;
  /** What is said. Players show it as text; a longer one is cut, since the tags have one page. */
  readonly lyrics?: string;
}
/** Tags have to fit a page (RFC 3533 §6), beside what names them. */
const MAX_TAG_BYTES = 60_000;

/**
 * Opus packets of 10 ms, mono, as an Ogg Opus file (RFC 7845 in RFC 3533) that any player plays.
 * `serial` names the stream within the file; any number will do.
 */
export function muxOggOpus(packets: readonly Uint8Array[], tags: OggTags = {}, serial = 1): Buffer {
  const pages = new OggOpusPages(serial);
  return Buffer.concat([pages.begin(tags, packets.length === 0), pages.add(packets, true)]);
}

/** The same, piece by piece: each piece is whole pages, so that a file that was broken off plays until there. */
export class OggOpusPages {
  readonly #serial: number;
  #made = 0;
  /** In all packets so far. */
  #samples = 0;

  constructor(serial = 1) {
    this.#serial = serial;
  }

  begin(tags: OggTags = {}, isLast = false): Buffer {
    return Buffer.concat([
      this.#page([headPacket()], FLAG_FIRST),
      this.#page([tagsPacket(tags)], isLast ? FLAG_LAST : 0),
    ]);
  }

  /** The next packets. `isLast`: no more come. */
  add(packets: readonly Uint8Array[], isLast = false): Buffer {
    const pages: Buffer[] = [];
    let body: Uint8Array[] = [];
    let segments = 0;
    packets.forEach((packet, i) => {
      body.push(packet);
      segments += segmentsOf(packet);
      const next = packets[i + 1];
      const isFull = body.length >= PACKETS_PER_PAGE || (next && segments + segmentsOf(next) > MAX_SEGMENTS);
      if (next && !isFull) return;
      this.#samples += body.length * FRAME_SAMPLES;
      pages.push(this.#page(body, next || !isLast ? 0 : FLAG_LAST));
      body = [];
      segments = 0;
    });
    return Buffer.concat(pages);
  }

  /** A last page without a packet (RFC 3533 §6): where the last packet was known to be that only afterwards. */
  end(): Buffer {
    return this.#page([], FLAG_LAST);
  }

  #page(body: readonly Uint8Array[], flags: number): Buffer {
    const made = page(body, this.#samples, flags, this.#serial, this.#made);
    this.#made += 1;
    return made;
  }
}

/** RFC 7845 §5.1. */
function headPacket(): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt16LE(OPUS_LOOKAHEAD_SAMPLES, 10);
  head.writeUInt32LE(SAMPLE_RATE_HZ, 12);
  return head;
}

/** As much of a text as a page takes. */
function within(tag: string): string {
  const bytes = Buffer.from(tag);
  if (bytes.length <= MAX_TAG_BYTES) return tag;
  // A character that is cut in two would be no text.
  return new TextDecoder().decode(bytes.subarray(0, MAX_TAG_BYTES)).replace(/\ufffd$/, '');
}

/** RFC 7845 §5.2. */
function tagsPacket(tags: OggTags): Buffer {
  const comments = Object.entries(tags).map(([key, value]) =>
    text(within(`${key.toUpperCase()}=${String(value)}`)),
  );
  const count = Buffer.alloc(4);
  count.writeUInt32LE(comments.length);
  return Buffer.concat([Buffer.from('OpusTags', 'latin1'), text('Corridor'), count, ...comments]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value.slice(0, 1000), 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function segmentsOf(packet: Uint8Array): number {
  return Math.floor(packet.length / 255) + 1;
}

/** RFC 3533 §6: whole packets. Each is segments of 255 bytes and a last, shorter segment. */
function page(
  body: readonly Uint8Array[],
  granule: number,
  flags: number,
  serial: number,
  n: number,
): Buffer {
  const lacing = body.flatMap((packet) => [
    ...new Array<number>(segmentsOf(packet) - 1).fill(255),
    packet.length % 255,
  ]);
  if (lacing.length > MAX_SEGMENTS) throw new RangeError('an Ogg page holds at most 255 segments');
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('OggS', 0, 'latin1');
  header.writeUInt8(flags, 5);
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(serial >>> 0, 14);
  header.writeUInt32LE(n, 18);
  header.writeUInt8(lacing.length, 26);
  const whole = Buffer.concat([header, Buffer.from(lacing), ...body]);
  whole.writeUInt32LE(crc(whole), 22);
  return whole;
}

/** CRC-32 with the polynomial 04c11db7, not reflected, from 0, over the page with its own field as 0. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

function crc(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = (value << 8) ^ CRC_TABLE[((value >>> 24) ^ byte) & 0xff]!;
  return value >>> 0;
}
