import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
  type KeyObject,
} from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  CorridorError,
  nodeIdOf,
  nodePorts,
  POINT_BYTES,
  signStatement,
  SPKI_BYTES,
  syncFolderNames,
  type NodeId,
  type Signed,
} from '../model/index.ts';
import { createCertificate } from './certificate.ts';
import { ensureOwnerFolder, readOwnerFile, writeOwnerFile, type FilePorts, type Tell } from './owner-file.ts';

export const IDENTITY_FILE = 'identity.json';
const CURVE = 'prime256v1';

const pemSchema = v.pipe(v.string(), v.maxLength(4096));
const identityFileSchema = v.object({
  version: v.literal(1),
  /** P-256 private keys, PKCS #8. */
  signingKey: pemSchema,
  hpkeKey: pemSchema,
  /** Self-signed X.509 certificate over the signing key. */
  certificate: pemSchema,
});
type IdentityFile = v.InferOutput<typeof identityFileSchema>;

/** This node's keys and the id they give it. The private keys never leave the computer. */
export interface Identity {
  readonly nodeId: NodeId;
  readonly signingKey: KeyObject;
  /** SubjectPublicKeyInfo (DER), 91 bytes. */
  readonly signingKeySpki: Uint8Array;
  readonly certificatePem: string;
  /** The signing key, for TLS. */
  readonly privateKeyPem: string;
  readonly hpkeKey: KeyObject;
  /** Uncompressed P-256 point, 65 bytes: what others wrap message keys for. */
  readonly hpkePublicKey: Uint8Array;
  /** Signs a statement as this node. */
  sign(statement: unknown): Signed;
}

/**
 * The identity kept in `dir`, made on the first run. Repairs loose rights of the folder and the file, and tells of it.
 * @throws CorridorError `identity-damaged` where the file cannot be used: it is never replaced on its own, since
 * with the key would go the person's extension and every message not yet heard.
 */
export async function loadOrCreateIdentity(
  dir: string,
  tell: Tell = () => undefined,
  ports: FilePorts = nodePorts,
): Promise<Identity> {
  const { disk } = ports;
  await ensureOwnerFolder(dir, tell, disk);
  const path = join(dir, IDENTITY_FILE);
  const kept = await readOwnerFile(path, tell, disk);
  if (kept !== undefined) return readIdentity(kept, path);

  const created = createIdentityFile();
  // The socket or the log may have made the folder a moment ago, and a power failure would take it away with all in it.
  await syncFolderNames(disk, dir);
  const text = `${JSON.stringify(created, null, 2)}\n`;
  if (await writeOwnerFile(path, text, ports, { keepExisting: true })) return toIdentity(created);
  const other = await readOwnerFile(path, tell, disk);
  return readIdentity(other ?? '', path);
}

function readIdentity(text: string, path: string): Identity {
  try {
    return toIdentity(v.parse(identityFileSchema, JSON.parse(text)));
  } catch (cause) {
    throw new CorridorError(
      'identity-damaged',
      `The identity of this node cannot be read: ${path} is damaged, or was written by a newer Corridor. ` +
        'Put back a copy of it, or move it away to start as a new node; messages sent to the old one cannot be played then.',
      { cause, details: { path } },
    );
  }
}

function createIdentityFile(): IdentityFile {
  const signingKey = generateKeyPairSync('ec', { namedCurve: CURVE }).privateKey;
  const hpkeKey = generateKeyPairSync('ec', { namedCurve: CURVE }).privateKey;
  return {
    version: 1,
    signingKey: toPem(signingKey),
    hpkeKey: toPem(hpkeKey),
    certificate: createCertificate(signingKey),
  };
}

/** @throws where a key is not P-256, or the certificate carries another key. */
function toIdentity(file: IdentityFile): Identity {
  const signingKey = createPrivateKey(file.signingKey);
  const hpkeKey = createPrivateKey(file.hpkeKey);
  const signingKeySpki = spkiOf(signingKey);
  const certified = new X509Certificate(file.certificate).publicKey.export({ type: 'spki', format: 'der' });
  if (!certified.equals(signingKeySpki)) throw new Error('the certificate carries another key');
  return {
    nodeId: nodeIdOf(signingKeySpki),
    signingKey,
    signingKeySpki,
    certificatePem: file.certificate,
    privateKeyPem: toPem(signingKey),
    hpkeKey,
    hpkePublicKey: spkiOf(hpkeKey).subarray(SPKI_BYTES - POINT_BYTES),
    sign: (statement) => signStatement(statement, signingKey),
  };
}

function spkiOf(key: KeyObject): Buffer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  if (key.asymmetricKeyDetails?.namedCurve !== CURVE || spki.length !== SPKI_BYTES) {
    throw new Error('not a P-256 key');
  }
  return spki;
}

function toPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
