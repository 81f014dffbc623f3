import { timingSafeEqual } from 'node:crypto';
import { fromBase64url, nodeIdOf, toBase64url, type Signed } from '../../model/index.ts';
import { readCard, type Card, type OfficeId } from '../ledger/statement.ts';
import { commitmentTo, digitsOf } from './digits.ts';
import type { JoiningFrame, JoiningFrameOf } from './frames.ts';
import { officeTagOf } from './office-proof.ts';
import { ended, WelcomeReader, type NewcomerStep } from './welcome.ts';

/** The time from `begin` to the welcome, ms. */
export const COMPARE_WITHIN_MS = 120_000;

/** A direct link between the two computers whose screens are compared. */
export interface DirectLink {
  /** 32 bytes of it under JOIN_EXPORTER_LABEL. */
  readonly exported: Uint8Array;
  /** The signing key of the other end's certificate (SPKI). */
  readonly peerKey: Uint8Array;
}

/** What the newcomer sends in its request. */
export interface Asking {
  /** The tag of the office that its person chose, 4 bytes. */
  readonly tag: Uint8Array;
  /** Its own card. */
  readonly card: Signed;
  /** 16 random bytes, for this attempt alone. */
  readonly nonce: Uint8Array;
  /** The extension that its person would like. */
  readonly extension?: string | undefined;
}

/** Whether a card has the key of the certificate at the other end; otherwise another computer relays. */
export function isCardOf(card: Card, { peerKey }: DirectLink): boolean {
  return card.signingKey.length === peerKey.length && timingSafeEqual(card.signingKey, peerKey);
}

/**
 * The newcomer's side of the comparison: sends `first`, then takes frames. A frame out of order, a repeated one, or 120 s end it for
 * good.
 */
export class Asker {
  readonly first: JoiningFrameOf<'begin'>;
  readonly #asking: Asking;
  readonly #card: Card;
  readonly #link: DirectLink;
  readonly #commitment: Buffer;
  readonly #reader: WelcomeReader;
  readonly #endsAtMs: number;
  #state: 'begun' | 'revealed' | 'agreed' | 'welcomed' | 'over' = 'begun';

  constructor(asking: Asking, link: DirectLink, nowMs: number) {
    const card = readCard(asking.card);
    if (!card) throw new RangeError('not the own card');
    this.#asking = asking;
    this.#card = card;
    this.#link = link;
    this.#commitment = commitmentTo(asking.nonce, card);
    this.#endsAtMs = nowMs + COMPARE_WITHIN_MS;
    this.first = {
      type: 'begin',
      tag: toBase64url(asking.tag),
      card: asking.card,
      commit: toBase64url(this.#commitment),
      ...(asking.extension === undefined ? {} : { extension: asking.extension }),
    };
    this.#reader = new WelcomeReader({
      isOffice: (office: OfficeId) => officeTagOf(office).equals(asking.tag),
      self: card.node,
      peer: nodeIdOf(link.peerKey),
    });
  }

  take(frame: JoiningFrame, nowMs: number): NewcomerStep {
    if (this.#state === 'over') return ended('wrong-order');
    const step = nowMs >= this.#endsAtMs ? ended('too-late') : this.#take(frame);
    if (step.kind !== 'wait' && step.kind !== 'send') this.#state = 'over';
    return step;
  }

  /** The person confirms that the other screen shows the same digits. Undefined: the comparison is over. */
  agree(nowMs: number): JoiningFrameOf<'agree'> | undefined {
    if (this.#state !== 'revealed' || nowMs >= this.#endsAtMs) return undefined;
    this.#state = 'agreed';
    return { type: 'agree' };
  }

  /** Checks the time limit. */
  tick(nowMs: number): NewcomerStep {
    if (this.#state === 'over' || nowMs < this.#endsAtMs) return { kind: 'wait' };
    this.#state = 'over';
    return ended('too-late');
  }

  #take(frame: JoiningFrame): NewcomerStep {
    if (frame.type === 'nonce' && this.#state === 'begun') return this.#reveal(frame);
    // Accepted only after its own person has agreed; otherwise a false office could admit the newcomer by itself.
    if (frame.type === 'welcome' && (this.#state === 'agreed' || this.#state === 'welcomed')) {
      this.#state = 'welcomed';
      return this.#reader.take(frame);
    }
    if (frame.type === 'refused' && this.#state !== 'welcomed') {
      return { kind: 'refused', why: frame.why, addresses: frame.addresses };
    }
    return ended('wrong-order');
  }

  #reveal({ card, nonce }: JoiningFrameOf<'nonce'>): NewcomerStep {
    const host = readCard(card);
    if (!host || !isCardOf(host, this.#link)) return ended('other-keys');
    this.#state = 'revealed';
    const digits = digitsOf({
      ...{ tag: this.#asking.tag, exported: this.#link.exported, commitment: this.#commitment },
      ...{ newcomer: this.#card, host },
      ...{ newcomerNonce: this.#asking.nonce, hostNonce: fromBase64url(nonce) },
    });
    return { kind: 'send', frame: { type: 'reveal', nonce: toBase64url(this.#asking.nonce) }, digits };
  }
}
