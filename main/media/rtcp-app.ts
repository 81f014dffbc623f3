import { compoundPacket, EMPTY_REPORT_BYTES, RECEIVER_REPORT, VERSION_2 } from './rtcp-compound.ts';
import { readUint32 } from './rtp.ts';

/** Application-defined RTCP packet (RFC 3550 §6.7), and how ours are named. */
const APP = 204;
const NAME = Buffer.from('CRDR', 'latin1');
const SUBTYPE = { 'hears-group': 1, 'lacks-group': 2 } as const;
const APP_BYTES = 20;

/** What a listener says of the group that a message is sent to: it comes by it; or nothing comes, and it is to be sent its own. */
export type GroupReportKind = keyof typeof SUBTYPE;

export interface GroupReport {
  readonly kind: GroupReportKind;
  /** The stream that it is about. */
  readonly media: number;
  /** The number of the first fragment that the listener has not heard of: all before came, or are asked for. */
  readonly next: number;
}

/** A compound packet with the report. `sender` names the listener. */
export function buildGroupReport(sender: number, { kind, media, next }: GroupReport): Buffer {
  const packet = compoundPacket(sender, { type: APP, subtype: SUBTYPE[kind], bytes: APP_BYTES });
  packet.set(NAME, 16);
  packet.writeUInt32BE(media, 20);
  packet.writeUInt32BE(next, 24);
  return packet;
}

/** Undefined: it is none, whole and alone. */
export function parseGroupReport(packet: Uint8Array): GroupReport | undefined {
  if (packet.length !== EMPTY_REPORT_BYTES + APP_BYTES) return undefined;
  if (packet[0] !== VERSION_2 || packet[1] !== RECEIVER_REPORT || packet[9] !== APP) return undefined;
  if (!NAME.equals(packet.subarray(16, 20)) || ((packet[10]! << 8) | packet[11]!) !== APP_BYTES / 4 - 1)
    return undefined;
  const kind = (['hears-group', 'lacks-group'] as const).find(
    (one) => packet[8] === (VERSION_2 | SUBTYPE[one]),
  );
  return kind && { kind, media: readUint32(packet, 20), next: readUint32(packet, 24) };
}
