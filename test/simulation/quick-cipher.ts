import crypto from 'node:crypto';

const real = { createCipheriv: crypto.createCipheriv, createDecipheriv: crypto.createDecipheriv };
const GCM = 'aes-128-gcm';
const TAG_BYTES = 16;
/** FNV-1a. */
const PRIME = 0x01000193;
const OFFSET = 0x811c9dc5;

/** In place of AES-GCM: nothing is hidden, and a tag shows whether key, nonce and bytes are those that were sealed. */
class QuickCipher {
  #sum: number;
  #tag: Uint8Array | undefined;
  readonly #tagBytes: number;

  constructor(key: Uint8Array, nonce: Uint8Array, tagBytes: number) {
    this.#sum = sumOf(nonce, sumOf(key, OFFSET));
    this.#tagBytes = tagBytes;
  }

  setAAD(bytes: Uint8Array): this {
    this.#sum = sumOf(bytes, this.#sum);
    return this;
  }

  setAuthTag(tag: Uint8Array): this {
    this.#tag = tag;
    return this;
  }

  getAuthTag(): Buffer {
    const tag = Buffer.alloc(this.#tagBytes);
    tag.writeUInt32BE(this.#sum);
    return tag;
  }

  update(bytes: Uint8Array): Buffer {
    this.#sum = sumOf(bytes, this.#sum);
    return Buffer.from(bytes);
  }

  final(): Buffer {
    if (this.#tag && !this.getAuthTag().equals(this.#tag)) throw new Error('another key or other bytes');
    return Buffer.alloc(0);
  }
}

function sumOf(bytes: Uint8Array, before: number): number {
  let sum = before;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, PRIME);
  return sum >>> 0;
}

type Arguments = Parameters<typeof crypto.createCipheriv>;

function quick([algorithm, key, nonce, options]: Arguments): QuickCipher | undefined {
  if (algorithm !== GCM) return undefined;
  const { authTagLength = TAG_BYTES } = (options ?? {}) as { readonly authTagLength?: number };
  return new QuickCipher(key as Uint8Array, nonce as Uint8Array, authTagLength);
}

/** What `createCipheriv` and `createDecipheriv` are to be. */
export const ciphers = {
  real,
  quick: {
    createCipheriv: (...args: Arguments) => quick(args) ?? real.createCipheriv(...args),
    createDecipheriv: (...args: Arguments) => quick(args) ?? real.createDecipheriv(...args),
  },
};
