import { FRAME_SAMPLES, MAX_FRAGMENT_BYTES, MAX_FRAGMENTS } from '../model/index.ts';

export const RTP_HEADER_BYTES = 12;
/** Dynamic payload type for opus/48000/2 (RFC 7587 §7), named in no session description: fixed here. */
const OPUS_PAYLOAD_TYPE = 111;
/** AEAD_AES_128_GCM's tag (RFC 7714 §12). */
export const TAG_BYTES = 16;

const VERSION_2 = 0x80;
const MARKER = 0x80;
/** Header, one byte of Opus, tag. */
const MIN_FRAGMENT_BYTES = RTP_HEADER_BYTES + 1 + TAG_BYTES;

/**
 * Writes the RTP header (RFC 3550 §5.1) of fragment `n` into the first 12 bytes: sequence number n, timestamp n·480 at
 * 48 kHz (RFC 7587 §4.1), the marker on the first packet of the talk burst (RFC 3551 §4.1).
 */
export function writeRtpHeader(target: Buffer, n: number, ssrc: number): void {
  target[0] = VERSION_2;
  target[1] = (n === 0 ? MARKER : 0) | OPUS_PAYLOAD_TYPE;
  target.writeUInt16BE(n & 0xffff, 2);
  target.writeUInt32BE((n * FRAME_SAMPLES) % 0x1_0000_0000, 4);
  target.writeUInt32BE(ssrc, 8);
}

/** Whether a packet on the media port is RTCP, told by its second byte alone (RFC 5761 §4). */
export function isRtcp(packet: Uint8Array): boolean {
  const type = packet[1];
  return packet.length >= 8 && packet[0]! >> 6 === 2 && type !== undefined && type >= 192 && type <= 223;
}

/**
 * Whether a packet has the form of a fragment: an RTP packet exactly as `writeRtpHeader` makes it, of a size a fragment
 * can have. Says nothing of who made it.
 */
export function isFragment(packet: Uint8Array): boolean {
  if (packet.length < MIN_FRAGMENT_BYTES || packet.length > MAX_FRAGMENT_BYTES) return false;
  const n = fragmentNumberOf(packet);
  return (
    packet[0] === VERSION_2 &&
    packet[1] === ((n === 0 ? MARKER : 0) | OPUS_PAYLOAD_TYPE) &&
    n < MAX_FRAGMENTS &&
    readUint32(packet, 4) === n * FRAME_SAMPLES
  );
}

/**
 * Whether a packet has the form of one of a call's: as `writeRtpHeader` makes it, but any number, since a call has no last one.
 * Says nothing of who made it.
 */
export function isCallPacket(packet: Uint8Array): boolean {
  if (packet.length < MIN_FRAGMENT_BYTES || packet.length > MAX_FRAGMENT_BYTES) return false;
  return packet[0] === VERSION_2 && (packet[1]! & ~MARKER) === OPUS_PAYLOAD_TYPE;
}

/**
 * The sequence number. A message is too short for it to roll over, so RFC 3711's rollover counter is always 0 and this is
 * the fragment's number; for a call `PacketIndex` tells that. The packet must have at least 12 bytes.
 */
export function fragmentNumberOf(packet: Uint8Array): number {
  return (packet[2]! << 8) | packet[3]!;
}

/** The stream the fragment belongs to. The packet must have at least 12 bytes. */
export function ssrcOf(packet: Uint8Array): number {
  return readUint32(packet, 8);
}

/** Bytes of a well-formed RTP header with its contributing sources and extension (RFC 3550 §5.1, §5.3.1). */
export function rtpHeaderLength(packet: Uint8Array): number | undefined {
  if (packet.length < RTP_HEADER_BYTES || packet[0]! >> 6 !== 2) return undefined;
  let length = RTP_HEADER_BYTES + (packet[0]! & 0x0f) * 4;
  if (packet[0]! & 0x10) {
    if (packet.length < length + 4) return undefined;
    length += 4 + ((packet[length + 2]! << 8) | packet[length + 3]!) * 4;
  }
  return packet.length < length ? undefined : length;
}

export function readUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}
