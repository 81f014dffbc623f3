import { constants, X509Certificate } from 'node:crypto';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { EXPORTED_BYTES, OFFICE_ALPN, OFFICE_EXPORTER_LABEL, type OfficeId } from '../identity/index.ts';
import { isP256Spki, nodeIdOf, type NodeId } from '../model/index.ts';

/** The first byte that a client sends says what follows: its office proof, or the frames of an outsider who asks to be let in. */
export const AS_MEMBER = 1;
export const AS_OUTSIDER = 2;
/** How long TLS may take; at the side that connects, TLS and the proof together. */
export const HANDSHAKE_TIMEOUT_MS = 5000;
/** How long the proof may take after TLS: it is the first thing that a member sends. */
export const PROOF_TIMEOUT_MS = 2000;
const KEEP_ALIVE_MS = 5000;

/** The certificate that a node presents on every control channel. */
export interface OwnCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** The certificate, and the office that the node proves to know. */
export interface Credentials extends OwnCertificate {
  readonly office: OfficeId;
}

/** For both sides: TLS 1.3 only, and no session resumption, so each link proves both identities again. */
export function tlsOptions({ certificatePem, privateKeyPem }: OwnCertificate) {
  return {
    cert: certificatePem,
    key: privateKeyPem,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    secureOptions: constants.SSL_OP_NO_TICKET,
    ALPNProtocols: [OFFICE_ALPN],
    // Certificates are self-signed: the peer's key is pinned by node id instead of a certificate authority.
    rejectUnauthorized: false,
  } satisfies SecureContextOptions & Record<string, unknown>;
}

/** No delay for small messages; a peer that vanished without a word is noticed even on an idle link. */
export function tuneSocket(socket: TLSSocket): void {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
}

/** The node at the other end of a finished handshake; undefined where it is none of ours. */
export function peerOf(socket: TLSSocket): NodeId | undefined {
  if (socket.getProtocol() !== 'TLSv1.3' || socket.alpnProtocol !== OFFICE_ALPN || socket.isSessionReused()) {
    return undefined;
  }
  // Without a certificate this is an empty object, or null once the socket is gone, whatever the types say.
  const certificate = socket.getPeerCertificate() as { readonly raw?: Buffer } | null;
  return certificate?.raw && nodeIdOfCertificate(certificate.raw);
}

/** 32 bytes that only the two ends of this connection know, other ones for each label (RFC 8446 §7.5). @throws before the handshake, and after the end */
export function exportedOf(socket: TLSSocket, label: string): Buffer {
  return socket.exportKeyingMaterial(EXPORTED_BYTES, label, Buffer.alloc(0));
}

/** What an office proof on this connection is made over. @throws as `exportedOf` */
export function exportedForOffice(socket: TLSSocket): Buffer {
  return exportedOf(socket, OFFICE_EXPORTER_LABEL);
}

/** The node id that a certificate (PEM or DER) stands for; undefined where its key is not P-256. */
export function nodeIdOfCertificate(certificate: Buffer | string): NodeId | undefined {
  const spki = keyOfCertificate(certificate);
  return spki && nodeIdOf(spki);
}

/** The key of a certificate (PEM or DER), as SPKI; undefined where it is not P-256. */
export function keyOfCertificate(certificate: Buffer | string): Buffer | undefined {
  try {
    const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
    return isP256Spki(spki) ? spki : undefined;
  } catch {
    return undefined;
  }
}
