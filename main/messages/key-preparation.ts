import { rehearse } from '../identity/index.ts';
import type { Clock, KnownNode, NodeRecord, Random, Schedule } from '../model/index.ts';
import type { Composer } from './compose.ts';
import type { KeySheets } from './key-sheets.ts';
import type { ReachableSets } from './ports.ts';
import { ReadyKeys } from './ready-keys.ts';
import type { SenderKeys } from './sender-keys.ts';

/** Preparing begins once the set of online colleagues has not changed for this long, ms. */
const PREPARE_AFTER_MS = 200;

interface KeyPreparationParts {
  readonly identity: Parameters<typeof rehearse>[0];
  readonly composer: Composer;
  readonly senderKeys: Pick<SenderKeys, 'for' | 'prepare'>;
  readonly sheets: Pick<KeySheets, 'spread'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly random: Random;
  readonly log: (line: string) => void;
}

/** Does work ahead of time that the first message would otherwise wait for: key agreement with colleagues, and a first unwrap. */
export class KeyPreparation {
  readonly #parts: KeyPreparationParts;
  readonly #ready: ReadyKeys;
  #cancel: (() => void) | undefined;
  #isRehearsed = false;

  constructor(parts: KeyPreparationParts) {
    this.#parts = parts;
    this.#ready = new ReadyKeys(parts);
  }

  /** These colleagues are online from now on. */
  expect(colleagues: readonly NodeRecord[]): void {
    this.#cancel?.();
    this.#cancel = this.#parts.schedule(() => this.#prepare(colleagues), PREPARE_AFTER_MS);
  }

  /**
   * Prepares for the recipients that the talk key reaches, and then for others whom one press can: for many, a sender key is made before a key
   * is pressed.
   */
  choose(recipients: readonly KnownNode[], others: ReachableSets): void {
    const { senderKeys, sheets, log } = this.#parts;
    // Theirs is renewed by age as well, while nobody waits for it.
    this.#ready.look(() => [recipients, ...others()]);
    senderKeys
      .for(recipients)
      ?.then((made) => sheets.spread(made))
      .catch((error: Error) => log(`A sender key could not be made: ${error.message}`));
  }

  close(): void {
    this.#cancel?.();
    this.#ready.close();
  }

  #prepare(colleagues: readonly NodeRecord[]): void {
    const { identity, composer, random, log } = this.#parts;
    const failed = (error: Error) => log(`Keys could not be prepared: ${error.message}`);
    composer.prepare(colleagues).catch(failed);
    if (this.#isRehearsed) return;
    this.#isRehearsed = true;
    rehearse(identity, random).catch(failed);
  }
}
