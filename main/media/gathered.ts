import type { Fragment } from '../model/index.ts';

/**
 * The same fragments in one piece of memory of their own. Another thread gets memory as a whole: so it gets one piece, not one for
 * each fragment, and nothing that is not theirs.
 */
export function gathered(fragments: readonly Fragment[]): Fragment[] {
  const all = new Uint8Array(fragments.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  return fragments.map(({ n, bytes }) => {
    all.set(bytes, at);
    at += bytes.length;
    return { n, bytes: all.subarray(at - bytes.length, at) };
  });
}
