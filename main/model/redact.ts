/** A join link, with its secret. */
const LINK = /corridor:\/\/join\/[^\s"'<>]*/gi;
const PEM = /-----BEGIN [A-Z ]+-----[^]*?(-----END [A-Z ]+-----|$)/g;
/** 128 bits or more as base64url, as ids and keys are written, and as hexadecimal digits. */
const RANDOM = /[A-Za-z0-9_-]{22,}/g;
const HEXADECIMAL = /^[0-9a-f]{32,}$/i;
/** So many digits in a run of letters of one case are no name's. */
const DIGITS = 3;
/** Of a key that was cut, so much is left to tell one from another; what is gone is still far too much to guess. */
const LEFT = 4;

/**
 * The text without links, keys and ids, for logs and for whoever helps: of whatever looks random only the beginning is left. It takes
 * too much rather than too little: a long name in mixed case may be cut as well.
 */
export function redact(text: string): string {
  return text
    .replace(LINK, 'corridor://join/…')
    .replace(PEM, '…')
    .replace(RANDOM, (run) => (looksRandom(run) ? `${run.slice(0, LEFT)}…` : run));
}

/** Of 22 random characters, all letters are of one case once in a hundred thousand times; then some are digits nearly always. */
function looksRandom(run: string): boolean {
  const isMixed = /[a-z]/.test(run) && /[A-Z]/.test(run);
  return HEXADECIMAL.test(run) || isMixed || (run.match(/[0-9]/g) ?? []).length >= DIGITS;
}
