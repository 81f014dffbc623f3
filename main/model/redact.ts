/** A join link, with its secret. */
const LINK = /corridor:\/\/join\/[^\s"'<>]*/gi;
const PEM = /-----BEGIN [A-Z ]+-----[^]*?(-----END [A-Z ]+-----|$)/g;
/** 128 bits or more as base64url, as ids and keys are written, and as hexadecimal digits. */
const RANDOM = /[A-Za-z0-9_-]{22,}/g;
const HEXADECIMAL = /^[0-9a-f]{32,}$/i;
/** With this many digits a run of letters of one case is taken for random. */
const DIGITS = 3;
/** The number of characters that are left of a cut key, to distinguish keys; the rest is far too long to guess. */
const LEFT = 4;

/**
 * The text without links, keys and ids, for logs and diagnostics: of everything that looks random only the beginning is left. It cuts too
 * much rather than too little: a long name in mixed case may be cut as well.
 */
export function redact(text: string): string {
  return text
    .replace(LINK, 'corridor://join/…')
    .replace(PEM, '…')
    .replace(RANDOM, (run) => (looksRandom(run) ? `${run.slice(0, LEFT)}…` : run));
}

/** In 22 random characters all letters have the same case once in a hundred thousand times, and nearly always some are digits. */
function looksRandom(run: string): boolean {
  const isMixed = /[a-z]/.test(run) && /[A-Z]/.test(run);
  return HEXADECIMAL.test(run) || isMixed || (run.match(/[0-9]/g) ?? []).length >= DIGITS;
}
