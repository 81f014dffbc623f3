import { webcrypto } from 'node:crypto';

/*
 * HPKE makes and reads keys by WebCrypto, which works in threads of its own: how many turns of the event loop that takes differs
 * from run to run. A simulation that loads this can wait for it, so that it takes no time there.
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
