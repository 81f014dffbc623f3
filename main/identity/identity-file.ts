import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import * as v from 'valibot';
import {
  nodeIdOf,
  nodeIdSchema,
  POINT_BYTES,
  signStatement,
  SPKI_BYTES,
  type NodeId,
  type Signed,
} from '../model/index.ts';
import { createCertificate } from './certificate.ts';

const CURVE = 'prime256v1';

const pemSchema = v.pipe(v.string(), v.maxLength(4096));
const ownKeys = {
  /** P-256 private keys, PKCS #8. */
  signingKey: pemSchema,
  hpkeKey: pemSchema,
  /** Self-signed X.509 certificate over the signing key. */
  certificate: pemSchema,
};
const ownKeysSchema = v.object(ownKeys);
const versionTwoSchema = v.object({
  version: v.literal(2),
  ...ownKeys,
  /** Former identities of this node, which an office removed. Their keys still open what was sealed for them. */
  former: v.array(v.object({ node: nodeIdSchema, hpkeKey: pemSchema })),
  /** The keys with which it will join again, until an office has admitted it. */
  next: v.optional(ownKeysSchema),
});
const identityFileSchema = v.union([
  versionTwoSchema,
  v.pipe(
    v.object({ version: v.literal(1), ...ownKeys }),
    v.transform(({ version: _, ...keys }) => ({ version: 2 as const, ...keys, former: [] })),
  ),
]);

type OwnKeysOnDisk = v.InferOutput<typeof ownKeysSchema>;
export type IdentityFile = v.InferOutput<typeof versionTwoSchema>;

/** A node's keys, and the id that follows from them. */
export interface NodeKeys {
  readonly nodeId: NodeId;
  readonly signingKey: KeyObject;
  /** SubjectPublicKeyInfo (DER), 91 bytes. */
  readonly signingKeySpki: Uint8Array;
  readonly certificatePem: string;
  /** The signing key, for TLS. */
  readonly privateKeyPem: string;
  readonly hpkeKey: KeyObject;
  /** Uncompressed P-256 point, 65 bytes: others wrap message keys for it. */
  readonly hpkePublicKey: Uint8Array;
  /** Signs a statement as this node. */
  sign(statement: unknown): Signed;
}

/** A former identity of this node. */
export interface FormerKeys {
  readonly nodeId: NodeId;
  readonly hpkeKey: KeyObject;
}

/** @throws where the text is no identity of version 1 or 2 */
export function parseIdentityFile(text: string): IdentityFile {
  return v.parse(identityFileSchema, JSON.parse(text));
}

export function createOwnKeys(): OwnKeysOnDisk {
  const signingKey = generateKeyPairSync('ec', { namedCurve: CURVE }).privateKey;
  const hpkeKey = generateKeyPairSync('ec', { namedCurve: CURVE }).privateKey;
  return {
    signingKey: toPem(signingKey),
    hpkeKey: toPem(hpkeKey),
    certificate: createCertificate(signingKey),
  };
}

/** @throws where a key is not P-256, halves of a key do not belong together, or the certificate is not that of the key. */
export function toNodeKeys(onDisk: OwnKeysOnDisk): NodeKeys {
  const signingKey = createPrivateKey(onDisk.signingKey);
  const hpkeKey = createPrivateKey(onDisk.hpkeKey);
  const signingKeySpki = spkiOf(signingKey);
  const certificate = new X509Certificate(onDisk.certificate);
  const certified = certificate.publicKey.export({ type: 'spki', format: 'der' });
  if (!certified.equals(signingKeySpki)) throw new Error('the certificate carries another key');
  if (!certificate.verify(certificate.publicKey)) throw new Error('the certificate is damaged');
  return {
    nodeId: nodeIdOf(signingKeySpki),
    signingKey,
    signingKeySpki,
    certificatePem: onDisk.certificate,
    privateKeyPem: toPem(signingKey),
    hpkeKey,
    hpkePublicKey: spkiOf(hpkeKey).subarray(SPKI_BYTES - POINT_BYTES),
    sign: (statement) => signStatement(statement, signingKey),
  };
}

/** @throws where a key is not P-256 */
export function toFormerKeys({ former }: IdentityFile): FormerKeys[] {
  return former.map(({ node, hpkeKey }) => {
    const key = createPrivateKey(hpkeKey);
    spkiOf(key);
    return { nodeId: node, hpkeKey: key };
  });
}

function spkiOf(key: KeyObject): Buffer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  if (key.asymmetricKeyDetails?.namedCurve !== CURVE || spki.length !== SPKI_BYTES) {
    throw new Error('not a P-256 key');
  }
  // The file has both halves of the key. If a bit of one changed, nothing that is sealed for it would open.
  const { d } = key.export({ format: 'jwk' });
  const half = createECDH(CURVE);
  half.setPrivateKey(Buffer.from(d ?? '', 'base64url'));
  if (!half.getPublicKey().equals(spki.subarray(SPKI_BYTES - POINT_BYTES)))
    throw new Error('two halves of different keys');
  return spki;
}

function toPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
