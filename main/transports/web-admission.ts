import { createHash, randomBytes } from 'node:crypto';
import { NewestMap } from '../model/index.ts';

/** A token that was not used within this time expires, since it may have been logged, ms. */
export const TOKEN_LIFETIME_MS = 60 * 60 * 1000;
/** A session that was not used for this long ends, ms. */
export const SESSION_LIFETIME_MS = 24 * 60 * 60 * 1000;
const MAX_TOKENS = 8;
const MAX_SESSIONS = 16;
const SECRET_BYTES = 24;

export interface Time {
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/**
 * Decides who may use the browser panel. A token is part of the address, is valid once, and is exchanged for a session's secret, which the
 * page keeps. Only hashes of both are held, so that the time of a lookup reveals nothing.
 */
export class WebAdmission {
  readonly #time: Time;
  /** When each token was made, oldest first. */
  readonly #tokens = new NewestMap<string, number>(MAX_TOKENS);
  /** When each session was used last, the one used longest ago first. */
  readonly #sessions = new NewestMap<string, number>(MAX_SESSIONS);

  constructor(time: Time) {
    this.#time = time;
  }

  /** Makes a token for one browser. At most eight unused ones are kept; beyond it the oldest is forgotten. */
  newToken(): string {
    const token = secret();
    this.#tokens.set(hashOf(token), this.#time.now());
    return token;
  }

  /** Exchanges a token for the secret of a new session; undefined where the token is wrong, used or too old. */
  redeem(token: string): string | undefined {
    const hash = hashOf(token);
    const made = this.#tokens.get(hash);
    this.#tokens.delete(hash);
    if (made === undefined || this.#time.now() - made > TOKEN_LIFETIME_MS) return undefined;
    const session = secret();
    this.#sessions.set(hashOf(session), this.#time.now());
    return session;
  }

  /** Whether this is a session's secret. Extends the session's life. */
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
