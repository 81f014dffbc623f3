import { createHash, randomBytes } from 'node:crypto';
import { NewestMap } from '../model/index.ts';

/** A token that nobody used in this time is worth nothing: it may lie in a log. */
export const TOKEN_LIFETIME_MS = 60 * 60 * 1000;
/** A session that no browser was connected with for so long ends. */
export const SESSION_LIFETIME_MS = 24 * 60 * 60 * 1000;
const MAX_TOKENS = 8;
const MAX_SESSIONS = 16;
const SECRET_BYTES = 24;

export interface Time {
  /** Milliseconds, never falling. */
  readonly now: () => number;
}

/**
 * Who may use the browser panel. A token is handed out with the address, is good once, and is exchanged for a session's
 * secret, which the page keeps. Of both, only hashes are held: looking one up tells nothing by the time it takes.
 */
export class WebAdmission {
  readonly #time: Time;
  /** When each was made, oldest first. */
  readonly #tokens = new NewestMap<string, number>(MAX_TOKENS);
  /** When each was used last, the one used longest ago first. */
  readonly #sessions = new NewestMap<string, number>(MAX_SESSIONS);

  constructor(time: Time) {
    this.#time = time;
  }

  /** A token for one browser. More than eight that nobody used are not kept: the oldest is forgotten. */
  newToken(): string {
    const token = secret();
    this.#tokens.set(hashOf(token), this.#time.now());
    return token;
  }

  /** The secret of a new session; undefined where the token is wrong, used or too old. */
  redeem(token: string): string | undefined {
    const hash = hashOf(token);
    const made = this.#tokens.get(hash);
    this.#tokens.delete(hash);
    if (made === undefined || this.#time.now() - made > TOKEN_LIFETIME_MS) return undefined;
    const session = secret();
    this.#sessions.set(hashOf(session), this.#time.now());
    return session;
  }

  /** Whether this is a session's secret. It lives on from now. */
  admits(session: string): boolean {
    const hash = hashOf(session);
    const used = this.#sessions.get(hash);
    this.#sessions.delete(hash);
    if (used === undefined || this.#time.now() - used > SESSION_LIFETIME_MS) return false;
    this.#sessions.set(hash, this.#time.now());
    return true;
  }
}

function secret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
