import { createHmac, diffieHellman, hkdfSync, KeyObject } from 'node:crypto';
import {
  AeadId,
  CipherSuite,
  DhkemP256HkdfSha256,
  HkdfSha256,
  type AeadEncryptionContext,
  type AeadInterface,
} from '@hpke/core';
import { POINT_BYTES } from '../model/index.ts';
import { NONCE_BYTES, openGcm, sealGcm, TAG_BYTES } from './aes-gcm.ts';

/*
 * The library calls WebCrypto for each primitive, and each call waits for a thread of libuv's pool: some fifteen waits for one key,
 * while the sound devices hold two threads of that pool. Measured in a node that listens: 8 to 10 ms, or 50 on a busy computer, before
 * the first word of a message can be opened. So this suite keeps the library's HPKE, but its primitives are synchronous calls of
 * node:crypto, which take one to two milliseconds.
 */

type Bytes = ArrayBufferLike | ArrayBufferView;

const HASH_BYTES = 32;
/** RFC 9180 §4.1: "KEM" and the two bytes of DHKEM(P-256, HKDF-SHA256). */
const KEM_SUITE_ID = Uint8Array.of(0x4b, 0x45, 0x4d, 0x00, 0x10);

/** HKDF-SHA256 (RFC 5869). */
class Hkdf extends HkdfSha256 {
  override extract(salt: Bytes, ikm: Bytes): Promise<ArrayBuffer> {
    const key = salt.byteLength === 0 ? new Uint8Array(HASH_BYTES) : view(salt);
    return Promise.resolve(buffer(createHmac('sha256', key).update(view(ikm)).digest()));
  }

  override extractAndExpand(salt: Bytes, ikm: Bytes, info: Bytes, length: number): Promise<ArrayBuffer> {
    return Promise.resolve(hkdfSync('sha256', view(ikm), view(salt), view(info), length));
  }
}

class Kem extends DhkemP256HkdfSha256 {
  constructor() {
    super();
    this._kdf = new Hkdf();
    this._kdf.init(KEM_SUITE_ID);
    this._prim.serializePublicKey = (point) => {
      const spki = keyObject(point).export({ type: 'spki', format: 'der' });
      return Promise.resolve(buffer(spki.subarray(-POINT_BYTES)));
    };
    this._prim.dh = (secret, point) =>
      Promise.resolve(buffer(diffieHellman({ privateKey: keyObject(secret), publicKey: keyObject(point) })));
  }
}

const aes128Gcm: AeadInterface = {
  id: AeadId.Aes128Gcm,
  keySize: 16,
  nonceSize: NONCE_BYTES,
  tagSize: TAG_BYTES,
  createEncryptionContext: (key) => new Aes128GcmContext(view(key).slice()),
};

class Aes128GcmContext implements AeadEncryptionContext {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  seal(nonce: Bytes, plaintext: Bytes, associated: Bytes): Promise<ArrayBuffer> {
    const sealed = sealGcm({ key: this.#key, nonce: view(nonce) }, view(plaintext), view(associated));
    return Promise.resolve(buffer(sealed));
  }

  /** Rejects if it was not sealed with this key. */
  async open(nonce: Bytes, sealed: Bytes, associated: Bytes): Promise<ArrayBuffer> {
    const opened = openGcm({ key: this.#key, nonce: view(nonce) }, view(sealed), view(associated));
    return Promise.resolve(buffer(opened));
  }
}

/** RFC 9180 §7: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. */
export const hpkeSuite = new CipherSuite({ kem: new Kem(), kdf: new Hkdf(), aead: aes128Gcm });

function keyObject(key: CryptoKey): KeyObject {
  return KeyObject.from(key);
}

function view(bytes: Bytes): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

/** Copies into a separate ArrayBuffer: Node's small buffers share one. */
function buffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
