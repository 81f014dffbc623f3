/** Version 2, no padding (RFC 3550 §6.1). */
export const VERSION_2 = 0x80;
export const RECEIVER_REPORT = 201;
export const EMPTY_REPORT_BYTES = 8;

interface SecondPacket {
  readonly type: number;
  /** The five bits that its type gives a meaning: a count, a format, a subtype. */
  readonly subtype: number;
  /** All of it, a multiple of 4. */
  readonly bytes: number;
}

/**
 * A compound packet: an empty receiver report (RFC 3550 §6.4.2), as each has to begin (§6.1), then one packet. What follows in that
 * after its sender's SSRC, from byte 16 on, is zero.
 */
export function compoundPacket(sender: number, { type, subtype, bytes }: SecondPacket): Buffer {
  const packet = Buffer.alloc(EMPTY_REPORT_BYTES + bytes);
  writeHead(packet, { type: RECEIVER_REPORT, subtype: 0, bytes: EMPTY_REPORT_BYTES }, sender);
  writeHead(packet.subarray(EMPTY_REPORT_BYTES), { type, subtype, bytes }, sender);
  return packet;
}

function writeHead(packet: Buffer, { type, subtype, bytes }: SecondPacket, sender: number): void {
  packet[0] = VERSION_2 | subtype;
  packet[1] = type;
  packet.writeUInt16BE(bytes / 4 - 1, 2);
  packet.writeUInt32BE(sender, 4);
}
