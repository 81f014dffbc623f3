import { rehearse, type Identity } from '../identity/index.ts';
import type { Outgoing } from './outgoing.ts';
import type { Roster } from './roster.ts';
import { schedule } from '../model/index.ts';

/** Preparing waits until the news of who is there has settled. */
const READY_AFTER_MS = 200;

export interface ReadinessParts {
  readonly identity: Identity;
  readonly roster: Roster;
  readonly outgoing: Outgoing;
  readonly log: (line: string) => void;
}

/** What the first message would else wait for: key agreement with those who are there, and a first unwrap. */
export class Readiness {
  readonly #parts: ReadinessParts;
  #cancel: (() => void) | undefined;
  #isWarmedUp = false;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  /** Who is there, or what is known of them, has changed. */
  changed(): void {
    this.#cancel?.();
    this.#cancel = schedule(() => this.#prepare(), READY_AFTER_MS);
  }

  close(): void {
    this.#cancel?.();
  }

  #prepare(): void {
    const { roster, outgoing, identity, log } = this.#parts;
    const records = roster.othersOnline.flatMap(({ node }) => roster.directory.get(node) ?? []);
    outgoing.prepare(records).catch((error: Error) => log(`Keys could not be prepared: ${error.message}`));
    if (this.#isWarmedUp) return;
    this.#isWarmedUp = true;
    void rehearse(identity);
  }
}
