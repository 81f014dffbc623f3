import type { TLSSocket } from 'node:tls';

/** The server’s answer to an office proof: one of these, and after ACCEPTED its own proof. */
export const REFUSED = 0;
export const ACCEPTED = 1;

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
