import { createCipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { MASTER_KEY_BYTES, MASTER_SALT_BYTES } from '../model/index.ts';
import type { MessageKey } from './protocol.ts';

/**
 * The keys that one direction of a stream is sealed with: they are made for one message alone (RFC 3711 §4.3, key derivation rate
 * 0).
 */
export interface SessionKeys {
  readonly key: KeyObject;
  /** 12 bytes. */
  readonly salt: Buffer;
}

/** Labels of RFC 3711 §4.3.1 and §4.3.2. */
const LABEL_RTP_KEY = 0;
const LABEL_RTP_SALT = 2;
const LABEL_RTCP_KEY = 3;
const LABEL_RTCP_SALT = 5;

/** AES-CM's salt, which the key derivation function stays with (RFC 7714 §11): a shorter one is filled with zeros. */
const KDF_SALT_BYTES = 14;
const LABEL_AT = 7;

/** The session keys for SRTP. @throws RangeError if key or salt are not 16 and 12 bytes */
export function rtpKeys(master: MessageKey): SessionKeys {
  return sessionKeys(master, LABEL_RTP_KEY, LABEL_RTP_SALT);
}

/** The session keys for SRTCP. @throws RangeError if key or salt are not 16 and 12 bytes */
export function rtcpKeys(master: MessageKey): SessionKeys {
  return sessionKeys(master, LABEL_RTCP_KEY, LABEL_RTCP_SALT);
}

/** AES-CM key derivation (RFC 3711 §4.3.3) with index 0; `masterSalt` has up to 14 bytes. */
export function derive(masterKey: Uint8Array, masterSalt: Uint8Array, label: number, length: number): Buffer {
  const block = Buffer.alloc(16);
  block.set(masterSalt.subarray(0, KDF_SALT_BYTES));
  block[LABEL_AT]! ^= label;
  const cipher = createCipheriv('aes-128-ctr', masterKey, block);
  return cipher.update(Buffer.alloc(length));
}

/** Writes the 12 bytes of an IV: the salt with SSRC, rollover counter and sequence number in it (RFC 7714 §8.1). */
export function writeRtpIv(iv: Buffer, salt: Buffer, ssrc: number, rollover: number, sequence: number): void {
  iv.writeUInt16BE(salt.readUInt16BE(0), 0);
  iv.writeUInt32BE((salt.readUInt32BE(2) ^ ssrc) >>> 0, 2);
  iv.writeUInt32BE((salt.readUInt32BE(6) ^ rollover) >>> 0, 6);
  iv.writeUInt16BE(salt.readUInt16BE(10) ^ sequence, 10);
}

/** Writes the 12 bytes of an IV for SRTCP (RFC 7714 §9.1): the 31-bit index stands at the end. */
export function writeRtcpIv(iv: Buffer, salt: Buffer, ssrc: number, index: number): void {
  iv.writeUInt16BE(salt.readUInt16BE(0), 0);
  iv.writeUInt32BE((salt.readUInt32BE(2) ^ ssrc) >>> 0, 2);
  iv.writeUInt16BE(salt.readUInt16BE(6), 6);
  iv.writeUInt32BE((salt.readUInt32BE(8) ^ index) >>> 0, 8);
}

function sessionKeys(master: MessageKey, keyLabel: number, saltLabel: number): SessionKeys {
  const { masterKey, masterSalt } = master;
  if (masterKey.length !== MASTER_KEY_BYTES || masterSalt.length !== MASTER_SALT_BYTES) {
    throw new RangeError('a message key has 16 bytes and its salt 12');
  }
  return {
    key: createSecretKey(derive(masterKey, masterSalt, keyLabel, MASTER_KEY_BYTES)),
    salt: derive(masterKey, masterSalt, saltLabel, MASTER_SALT_BYTES),
  };
}
