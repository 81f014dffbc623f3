import { webcrypto } from 'node:crypto';

/*
 * HPKE uses WebCrypto, which works in other threads, so it takes a varying number of turns of the event loop. A simulation that loads this
 * module can wait for it, so that it takes no virtual time.
 */

let pending = 0;

/** Whether some key is being made, read or used at this moment. */
export const isKeyWorkPending = (): boolean => pending > 0;

const prototype = Object.getPrototypeOf(webcrypto.subtle) as object;
for (const name of ['generateKey', 'importKey', 'exportKey', 'deriveBits', 'deriveKey', 'sign', 'digest']) {
  const original = Reflect.get(prototype, name) as (...args: unknown[]) => Promise<unknown>;
  Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]): Promise<unknown> {
    pending += 1;
    return original.apply(this, args).finally(() => (pending -= 1));
  });
}
