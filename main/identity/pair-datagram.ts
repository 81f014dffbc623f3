import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { fromBase64url, toBase64url, type NodeId } from '../model/index.ts';
import { TAG_BYTES, type DirectionKey } from './pair-keys.ts';

const ALGORITHM = 'aes-128-gcm';
const NONCE_BYTES = 12;
const SEAL_BYTES = 16;

/** version (1 byte) ‖ tag (8) ‖ nonce (12) ‖ sealed [ echo (8) ‖ offer (8) ‖ boot (6) ‖ seq (6) ‖ kind (1) ‖ body ] ‖ seal (16) */
const PACKET_VERSION = 2;
const PACKET_HEAD_BYTES = 1 + TAG_BYTES;
const FIELDS_BYTES = 29;
const LEAST_PACKET_BYTES = PACKET_HEAD_BYTES + NONCE_BYTES + FIELDS_BYTES + SEAL_BYTES;
/** The longest body: sealed it stays below the smallest Ethernet MTU with IP and UDP around it. */
export const MAX_BODY_BYTES = 1208;

/** version (1 byte) ‖ nonce (12) ‖ sealed [ caller (16) ‖ offer (8) ‖ its control port (2) ‖ zeros (25) ] ‖ seal (16) */
const CALL_VERSION = 3;
const CALL_BYTES = 80;
const CALL_FIELDS_BYTES = CALL_BYTES - 1 - NONCE_BYTES - SEAL_BYTES;
const ID_BYTES = 16;

/** An offer, or the echo of one. */
export const OFFER_BYTES = 8;
/** boot and seq are numbers of 6 bytes. */
export const MAX_COUNT = 2 ** 48 - 1;

/** The content of one datagram between two nodes. */
export interface Packet {
  /** The receiver's last offer, 8 bytes; zeros if there was none. */
  readonly echo: Uint8Array;
  /** The sender's offer, 8 bytes, to be echoed. */
  readonly offer: Uint8Array;
  /** When the sender started, ms since the epoch or later; and the count of its packets to this receiver. */
  readonly boot: number;
  readonly seq: number;
  /** The kind of the body, one byte. */
  readonly kind: number;
  readonly body: Uint8Array;
}

/** Seals under a random nonce. @throws RangeError where the body is too long */
export function sealPacket({ key, tag }: DirectionKey, packet: Packet): Buffer {
  const { body } = packet;
  if (body.length > MAX_BODY_BYTES)
    throw new RangeError(`a datagram's body has at most ${MAX_BODY_BYTES} bytes, not ${body.length}`);
  const fields = Buffer.allocUnsafe(FIELDS_BYTES + body.length);
  fields.set(packet.echo, 0);
  fields.set(packet.offer, OFFER_BYTES);
  fields.writeUIntBE(packet.boot, 16, 6);
  fields.writeUIntBE(packet.seq, 22, 6);
  fields[28] = packet.kind;
  fields.set(body, FIELDS_BYTES);
  const head = Buffer.allocUnsafe(PACKET_HEAD_BYTES);
  head[0] = PACKET_VERSION;
  head.set(tag, 1);
  return seal(key, head, fields);
}

/** The tag of a datagram that looks like a packet, one character for each byte; undefined: it does not. */
export function packetTag(bytes: Buffer): string | undefined {
  const isPacket =
    bytes[0] === PACKET_VERSION &&
    bytes.length >= LEAST_PACKET_BYTES &&
    bytes.length <= LEAST_PACKET_BYTES + MAX_BODY_BYTES;
  return isPacket ? bytes.toString('latin1', 1, PACKET_HEAD_BYTES) : undefined;
}

/** Opens a packet that the other node of the pair sealed at any time; undefined: it is none. */
export function openPacket({ key }: DirectionKey, bytes: Buffer): Packet | undefined {
  if (packetTag(bytes) === undefined) return undefined;
  const fields = open(key, bytes, PACKET_HEAD_BYTES);
  if (!fields) return undefined;
  return {
    echo: fields.subarray(0, OFFER_BYTES),
    offer: fields.subarray(OFFER_BYTES, 2 * OFFER_BYTES),
    boot: fields.readUIntBE(16, 6),
    seq: fields.readUIntBE(22, 6),
    kind: fields.readUInt8(28),
    body: fields.subarray(FIELDS_BYTES),
  };
}

/** The content of a call: a datagram to an address at which no node is known. */
export interface Call {
  readonly caller: NodeId;
  readonly offer: Uint8Array;
  /** The TCP port at which the caller accepts control links. */
  readonly control: number;
}

export function sealCall(key: Uint8Array, { caller, offer, control }: Call): Buffer {
  const fields = Buffer.alloc(CALL_FIELDS_BYTES);
  fields.set(fromBase64url(caller), 0);
  fields.set(offer, ID_BYTES);
  fields.writeUInt16BE(control, ID_BYTES + OFFER_BYTES);
  return seal(key, Buffer.of(CALL_VERSION), fields);
}

/** Opens a call of a node that knows the office id; undefined: it is none. Later versions may use the zeros, which are ignored here. */
export function openCall(key: Uint8Array, bytes: Buffer): Call | undefined {
  if (bytes[0] !== CALL_VERSION || bytes.length !== CALL_BYTES) return undefined;
  const fields = open(key, bytes, 1);
  if (!fields) return undefined;
  return {
    caller: toBase64url(fields.subarray(0, ID_BYTES)) as NodeId,
    offer: fields.subarray(ID_BYTES, ID_BYTES + OFFER_BYTES),
    control: fields.readUInt16BE(ID_BYTES + OFFER_BYTES),
  };
}

/** AES-128-GCM (NIST SP 800-38D); the bytes before the nonce are authenticated too. */
function seal(key: Uint8Array, head: Uint8Array, plaintext: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: SEAL_BYTES });
  cipher.setAAD(head);
  const sealed = cipher.update(plaintext);
  cipher.final();
  return Buffer.concat([head, nonce, sealed, cipher.getAuthTag()]);
}

function open(key: Uint8Array, bytes: Buffer, headBytes: number): Buffer | undefined {
  const [start, end] = [headBytes + NONCE_BYTES, bytes.length - SEAL_BYTES];
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(headBytes, start), {
    authTagLength: SEAL_BYTES,
  });
  decipher.setAAD(bytes.subarray(0, headBytes));
  decipher.setAuthTag(bytes.subarray(end));
  const opened = decipher.update(bytes.subarray(start, end));
  try {
    decipher.final();
    return opened;
  } catch {
    return undefined;
  }
}
