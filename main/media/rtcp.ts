import { SEQUENCES, sequenceOf } from './packet-index.ts';
import { compoundPacket } from './rtcp-compound.ts';
import { readUint32 } from './rtp.ts';

/** Transport-layer feedback and its format 1, Generic NACK (RFC 4585 §6.2.1). */
const RTPFB = 205;
const FORMAT_NACK = 1;
const NACK_HEADER_BYTES = 12;

/** The most (PID, BLP) pairs in one packet: each asks for up to 17 fragments. */
const MAX_NACK_PAIRS = 64;

interface Nack {
  readonly sender: number;
  /** The stream that fragments are asked of. */
  readonly media: number;
  /** Sequence numbers (16 bits). */
  readonly fragments: readonly number[];
}

/**
 * A compound packet with the Generic NACK for these fragments, which must rise; of each its sequence number goes into
 * the packet. What does not fit into one packet is left out.
 */
export function buildNack(sender: number, media: number, fragments: readonly number[]): Buffer {
  const pairs: number[] = [];
  let first = -Infinity;
  for (const n of fragments) {
    const behind = n - first;
    if (behind >= 1 && behind <= 16) {
      pairs[pairs.length - 1]! |= 1 << (behind - 1);
    } else if (pairs.length / 2 < MAX_NACK_PAIRS) {
      pairs.push(sequenceOf(n), 0);
      first = n;
    } else break;
  }
  const bytes = NACK_HEADER_BYTES + pairs.length * 2;
  const packet = compoundPacket(sender, { type: RTPFB, subtype: FORMAT_NACK, bytes });
  packet.writeUInt32BE(media, 16);
  for (const [i, field] of pairs.entries()) packet.writeUInt16BE(field, 20 + i * 2);
  return packet;
}

/** Reads the NACK of an RTCP packet, compound or reduced-size (RFC 5506); undefined if it is malformed or holds none. */
export function parseNack(packet: Uint8Array): Nack | undefined {
  let at = 0;
  let nack: Nack | undefined;
  while (at < packet.length) {
    if (packet.length - at < 4 || packet[at]! >> 6 !== 2) return undefined;
    const length = (((packet[at + 2]! << 8) | packet[at + 3]!) + 1) * 4;
    if (at + length > packet.length) return undefined;
    if (packet[at + 1] === RTPFB && (packet[at]! & 0x1f) === FORMAT_NACK) {
      if (nack || length <= NACK_HEADER_BYTES || length > NACK_HEADER_BYTES + MAX_NACK_PAIRS * 4)
        return undefined;
      nack = {
        sender: readUint32(packet, at + 4),
        media: readUint32(packet, at + 8),
        fragments: readPairs(packet.subarray(at + NACK_HEADER_BYTES, at + length)),
      };
    }
    at += length;
  }
  return nack;
}

function readPairs(pairs: Uint8Array): number[] {
  const fragments: number[] = [];
  for (let at = 0; at < pairs.length; at += 4) {
    const first = (pairs[at]! << 8) | pairs[at + 1]!;
    const following = (pairs[at + 2]! << 8) | pairs[at + 3]!;
    fragments.push(first);
    for (let bit = 0; bit < 16; bit++) {
      if (following & (1 << bit)) fragments.push((first + bit + 1) % SEQUENCES);
    }
  }
  return fragments;
}
