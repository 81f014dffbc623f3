import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { MessageKey } from './protocol.ts';
import { readUint32, TAG_BYTES } from './rtp.ts';
import { rtcpKeys, writeRtcpIv, type SessionKeys } from './srtp-keys.ts';

const CIPHER = 'aes-128-gcm';
const OPTIONS = { authTagLength: TAG_BYTES } as const;
const ENCRYPTED = 0x8000_0000;
const MAX_INDEX = 0x7fff_ffff;
/** The first header, which stays in the clear. */
const CLEAR_BYTES = 8;
const INDEX_BYTES = 4;
const MAX_SENDERS = 1024;

/** Seals RTCP packets of one message: SRTCP with AEAD_AES_128_GCM (RFC 7714 §9), encrypted, no MKI. */
export class SrtcpSender {
  readonly #keys: SessionKeys;
  #index = 0;

  constructor(key: MessageKey) {
    this.#keys = rtcpKeys(key);
  }

  seal(packet: Uint8Array): Buffer {
    this.#index += 1;
    return sealRtcp(this.#keys, packet, this.#index);
  }
}

/** Opens RTCP packets of one message. Each sender's index must rise, so no packet is taken twice. */
export class SrtcpReceiver {
  readonly #keys: SessionKeys;
  readonly #highest = new Map<number, number>();

  constructor(key: MessageKey) {
    this.#keys = rtcpKeys(key);
  }

  open(packet: Uint8Array): Buffer | undefined {
    if (packet.length < CLEAR_BYTES + TAG_BYTES + INDEX_BYTES) return undefined;
    const sender = readUint32(packet, 4);
    const index = readUint32(packet, packet.length - INDEX_BYTES) & MAX_INDEX;
    const highest = this.#highest.get(sender);
    if (highest === undefined ? this.#highest.size >= MAX_SENDERS : index <= highest) return undefined;
    const opened = openRtcp(this.#keys, packet);
    if (opened) this.#highest.set(sender, index);
    return opened;
  }
}

export function sealRtcp(keys: SessionKeys, packet: Uint8Array, index: number): Buffer {
  const sealed = Buffer.allocUnsafeSlow(packet.length + TAG_BYTES + INDEX_BYTES);
  const word = Buffer.alloc(INDEX_BYTES);
  word.writeUInt32BE((ENCRYPTED | (index & MAX_INDEX)) >>> 0);
  const cipher = createCipheriv(CIPHER, keys.key, ivOf(keys, packet, index & MAX_INDEX), OPTIONS);
  cipher.setAAD(Buffer.concat([packet.subarray(0, CLEAR_BYTES), word]));
  sealed.set(packet.subarray(0, CLEAR_BYTES));
  sealed.set(cipher.update(packet.subarray(CLEAR_BYTES)), CLEAR_BYTES);
  cipher.final();
  sealed.set(cipher.getAuthTag(), packet.length);
  sealed.set(word, packet.length + TAG_BYTES);
  return sealed;
}

/** Undefined if the packet is not authentic, or only authenticated: Corridor always encrypts. */
export function openRtcp(keys: SessionKeys, packet: Uint8Array): Buffer | undefined {
  const tagAt = packet.length - TAG_BYTES - INDEX_BYTES;
  if (tagAt < CLEAR_BYTES) return undefined;
  const word = packet.subarray(packet.length - INDEX_BYTES);
  const field = readUint32(word, 0);
  if (field < ENCRYPTED) return undefined;
  const clear = packet.subarray(0, CLEAR_BYTES);
  const decipher = createDecipheriv(CIPHER, keys.key, ivOf(keys, packet, field & MAX_INDEX), OPTIONS);
  decipher.setAAD(Buffer.concat([clear, word]));
  decipher.setAuthTag(packet.subarray(tagAt, tagAt + TAG_BYTES));
  const rest = decipher.update(packet.subarray(CLEAR_BYTES, tagAt));
  try {
    decipher.final();
    return Buffer.concat([clear, rest]);
  } catch {
    return undefined;
  }
}

function ivOf(keys: SessionKeys, packet: Uint8Array, index: number): Buffer {
  const iv = Buffer.alloc(12);
  writeRtcpIv(iv, keys.salt, readUint32(packet, 4), index);
  return iv;
}
