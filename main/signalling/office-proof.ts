import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** Exported keying material (RFC 8446 §7.5) differs on every connection, so a proof is worth nothing on another. */
const EXPORTER_LABEL = 'EXPORTER-corridor-office';
const EXPORTED_BYTES = 32;
export const PROOF_BYTES = 32;

/** The server's answer: one of these, and after ACCEPTED its own proof. */
export const REFUSED = 0;
export const ACCEPTED = 1;

type Role = 'client' | 'server';

/** HMAC-SHA256 over what only the two ends of this connection know. To be called after the handshake only. */
export function officeProof(socket: TLSSocket, controlProofKey: Uint8Array, role: Role): Buffer {
  const exported = socket.exportKeyingMaterial(EXPORTED_BYTES, EXPORTER_LABEL, Buffer.alloc(0));
  return createHmac('sha256', controlProofKey).update(exported).update(role).digest();
}

export function isOfficeProof(
  proof: Uint8Array,
  socket: TLSSocket,
  controlProofKey: Uint8Array,
  role: Role,
): boolean {
  return proof.length === PROOF_BYTES && timingSafeEqual(proof, officeProof(socket, controlProofKey, role));
}

/** Reads until `isEnough`, then pauses the socket. Rejects where it ends, or errs, before that. */
export function readUntil(socket: TLSSocket, isEnough: (bytes: Buffer) => boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const finish = (): void => {
      socket.off('data', onData);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
    };
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!isEnough(bytes)) return;
      finish();
      socket.pause();
      resolve(bytes);
    };
    const onEnd = (): void => {
      finish();
      reject(new Error('ended before it was proven'));
    };
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('close', onEnd);
  });
}
