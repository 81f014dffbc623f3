/** This many characters of a secret in a row are too many; ids and keys are cut to four. */
export const TOO_MANY = 8;

/** What of the secret stands in the text. */
export function leaks(text: string, secret: string): string | undefined {
  for (let from = 0; from + TOO_MANY <= secret.length; from++) {
    const part = secret.slice(from, from + TOO_MANY);
    if (text.includes(part)) return part;
  }
  return undefined;
}

/** Every form that bytes are written in. */
export function forms(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  return [buffer.toString('hex'), buffer.toString('base64'), buffer.toString('base64url')];
}
