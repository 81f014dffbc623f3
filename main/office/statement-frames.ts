import { MAX_STATEMENTS_IN_FRAME, type Signed } from '../model/index.ts';
import type { ControlLink } from '../signalling/index.ts';

/** A frame of statements is closed once it has this many characters of them. */
const FRAME_CHARACTERS = 128 * 1024;

/**
 * Sends statements in as many frames as needed, at least one. The last frame says that no more follows.
 * @param isLast false: the last says that more comes, in frames that the caller sends later
 */
export function sendStatements(
  link: ControlLink,
  statements: readonly Signed[],
  { isLast = true } = {},
): void {
  for (let from = 0; ;) {
    let to = from;
    let characters = 0;
    while (
      to < statements.length &&
      to - from < MAX_STATEMENTS_IN_FRAME &&
      (to === from || characters + lengthOf(statements.slice(to, to + 1)) <= FRAME_CHARACTERS)
    ) {
      characters += lengthOf(statements.slice(to, to + 1));
      to += 1;
    }
    const isEnd = to >= statements.length;
    link.send({ type: 'statements', statements: statements.slice(from, to), more: !(isEnd && isLast) });
    if (isEnd) return;
    from = to;
  }
}

/** The length of these statements in characters, signatures included. */
export function lengthOf(statements: readonly Signed[]): number {
  return statements.reduce((sum, { payload, signature }) => sum + payload.length + signature.length, 0);
}
