import crypto, { type KeyObject } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { hpkeSuite } from '../../main/identity/hpke-suite.ts';
import { ciphers } from './quick-cipher.ts';
import { seededRandom } from '../support/seeded-random.ts';

/*
 * Signing and key agreement take most of the time of a simulated office, and the signatures of OpenSSL differ in each run. Here are doubles
 * that are quick and always the same. They refuse what a real signature or key refuses: another key, other bytes. What they do not have
 * is secrecy: whoever has the public key can sign. Nobody in these offices forges.
 */

type Bytes = ArrayBufferLike | ArrayBufferView;

interface PublicPoint {
  readonly point: Buffer;
}

const real = {
  sign: crypto.sign,
  verify: crypto.verify,
  randomBytes: crypto.randomBytes,
  createPublicKey: crypto.createPublicKey,
  createSenderContext: hpkeSuite.createSenderContext.bind(hpkeSuite),
  open: hpkeSuite.open.bind(hpkeSuite),
  deserializePublicKey: hpkeSuite.kem.deserializePublicKey.bind(hpkeSuite.kem),
  importKey: hpkeSuite.kem.importKey.bind(hpkeSuite.kem),
};

let random = seededRandom(0);
let inUse: 'real' | 'quick' = 'real';

export const cryptoInUse = (): 'real' | 'quick' => inUse;

/** What `randomBytes` gives from now on, in this process. */
export function seedRandomBytes(seed: number): void {
  random = seededRandom(seed);
}

function seededBytes(count: number): Buffer {
  const bytes = Buffer.allocUnsafe(count);
  for (let at = 0; at < count; at += 1) bytes[at] = random() * 256;
  return bytes;
}

/** Signatures and key agreements are real, or quick, from now on. Random bytes are seeded in either case. */
export function useCrypto(kind: 'real' | 'quick'): void {
  const isQuick = kind === 'quick';
  inUse = kind;
  Object.assign(crypto, {
    ...ciphers[kind],
    randomBytes: seededBytes,
    sign: isQuick ? quickSign : real.sign,
    verify: isQuick ? quickVerify : real.verify,
    createPublicKey: isQuick ? keptPublicKey : real.createPublicKey,
  });
  syncBuiltinESMExports();
  Object.assign(hpkeSuite, {
    createSenderContext: isQuick ? quickSender : real.createSenderContext,
    open: isQuick ? quickOpen : real.open,
  });
  Object.assign(hpkeSuite.kem, {
    deserializePublicKey: isQuick ? quickPublicKey : real.deserializePublicKey,
    importKey: isQuick ? quickImport : real.importKey,
  });
}

// ---- signatures

/** The public half of each key, DER. */
const publicOf = new WeakMap<KeyObject, Buffer>();

function spkiOf(key: KeyObject): Buffer {
  const known = publicOf.get(key);
  if (known) return known;
  const half = key.type === 'private' ? real.createPublicKey(key) : key;
  const spki = half.export({ type: 'spki', format: 'der' });
  publicOf.set(key, spki);
  return spki;
}

function quickSign(algorithm: string, data: Uint8Array, by: KeyObject | { readonly key: KeyObject }): Buffer {
  // Nobody here looks at a certificate's signature, and other parts of it are made by chance as well.
  if (!('key' in by)) return real.sign(algorithm, data, by);
  const { key } = by;
  return crypto.createHash('sha512').update(spkiOf(key)).update(data).digest();
}

function quickVerify(
  algorithm: string,
  data: Uint8Array,
  { key }: { readonly key: KeyObject },
  signature: Uint8Array,
): boolean {
  return quickSign(algorithm, data, { key }).equals(signature);
}

/** Keys that were read before. */
const read = new Map<string, KeyObject>();

function keptPublicKey(from: KeyObject | { readonly key: Buffer; readonly format: 'der' }): KeyObject {
  if (!('format' in from) || !Buffer.isBuffer(from.key)) return real.createPublicKey(from);
  const name = from.key.toString('latin1');
  const key = read.get(name) ?? real.createPublicKey(from);
  read.set(name, key);
  return key;
}

// ---- key agreement

const sealing = (point: Buffer, enc: Uint8Array, info: Uint8Array): { key: Buffer; nonce: Buffer } => {
  const secret = crypto.createHash('sha256').update(point).update(enc).update(info).digest();
  return { key: secret.subarray(0, 16), nonce: secret.subarray(16, 28) };
};

const viewOf = (bytes: Bytes): Uint8Array =>
  ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);

const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

async function quickPublicKey(raw: Bytes): Promise<PublicPoint> {
  return { point: Buffer.from(viewOf(raw)) };
}

/** Of a private key its public point is enough. */
async function quickImport(_format: 'jwk', { x = '', y = '' }: JsonWebKey): Promise<PublicPoint> {
  const parts = [x, y].map((part) => Buffer.from(part, 'base64url'));
  return { point: Buffer.concat([Buffer.of(4), ...parts]) };
}

async function quickSender({
  recipientPublicKey,
  info,
}: {
  readonly recipientPublicKey: PublicPoint;
  readonly info: Uint8Array;
}): Promise<unknown> {
  const enc = Buffer.concat([Buffer.of(4), seededBytes(64)]);
  const { key, nonce } = sealing(recipientPublicKey.point, enc, info);
  const seal = async (plain: Bytes, associated: Bytes): Promise<ArrayBuffer> => {
    const cipher = crypto.createCipheriv('aes-128-gcm', key, nonce).setAAD(viewOf(associated));
    return bufferOf(Buffer.concat([cipher.update(viewOf(plain)), cipher.final(), cipher.getAuthTag()]));
  };
  return { enc: bufferOf(enc), seal };
}

async function quickOpen(
  {
    recipientKey,
    enc,
    info,
  }: {
    readonly recipientKey: { readonly publicKey: PublicPoint };
    readonly enc: Uint8Array;
    readonly info: Uint8Array;
  },
  sealed: Bytes,
  associated: Bytes,
): Promise<ArrayBuffer> {
  const { key, nonce } = sealing(recipientKey.publicKey.point, enc, info);
  const bytes = viewOf(sealed);
  const decipher = crypto.createDecipheriv('aes-128-gcm', key, nonce).setAAD(viewOf(associated));
  decipher.setAuthTag(bytes.subarray(-16));
  return bufferOf(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]));
}
