import type { JoinEnd, JoinRefusal } from '../../../i18n/index.ts';
import { fromBase64url, toBase64url, type Signed } from '../../model/index.ts';
import type { Identity } from '../identity.ts';
import { signRule } from '../ledger/author.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readCard, type Card, type PersonId } from '../ledger/statement.ts';
import { COMPARE_WITHIN_MS, isCardOf, type DirectLink } from './asking.ts';
import { digitsOf, isCommitmentTo } from './digits.ts';
import type { JoiningFrame, JoiningFrameOf } from './frames.ts';
import { whyNotAdmitting } from './may-admit.ts';
import { officeTagOf } from './office-proof.ts';
import { admit, freeExtension, type JoinAnswer } from './redeem.ts';
import { notCompared } from './sentences.ts';
import { refusedFrame } from './welcome.ts';

/** The next step of the member's side. `frame`: to be sent. After `refused` and `ended` the link is closed. */
export type HostStep =
  | { readonly kind: 'wait' }
  | { readonly kind: 'send'; readonly frame: JoiningFrameOf<'nonce'> }
  /** Show these digits beside *Let in*, which stays disabled until the newcomer's person agrees. */
  | { readonly kind: 'compare'; readonly digits: string }
  | { readonly kind: 'agreed' }
  | { readonly kind: 'refused'; readonly why: JoinRefusal; readonly frame: JoiningFrameOf<'refused'> }
  | { readonly kind: 'ended'; readonly why: JoinEnd };

/** What the member's side needs. */
interface Comparing {
  readonly self: Pick<Identity, 'nodeId' | 'sign'>;
  /** Its own card. */
  readonly card: Signed;
  readonly ledger: Ledger;
  /** 16 random bytes, for this attempt alone. */
  readonly nonce: Uint8Array;
  /** Whether this node's person chose to compare with that computer. */
  readonly isExpected: (card: Card) => boolean;
}

interface Begun {
  readonly extension: string | undefined;
  readonly signed: Signed;
  readonly card: Card;
  readonly commitment: Buffer;
}

/** The member's side of the comparison, on the newcomer's link. It refuses by default. */
export class Comparison {
  readonly #with: Comparing;
  readonly #own: Card;
  readonly #link: DirectLink;
  readonly #endsAtMs: number;
  #begun: Begun | undefined;
  #state: 'opened' | 'committed' | 'revealed' | 'agreed' | 'over' = 'opened';

  constructor(comparing: Comparing, link: DirectLink, nowMs: number) {
    const own = readCard(comparing.card);
    if (!own) throw new RangeError('not the own card');
    this.#with = comparing;
    this.#own = own;
    this.#link = link;
    this.#endsAtMs = nowMs + COMPARE_WITHIN_MS;
  }

  /** The newcomer's card; undefined before `begin`. */
  get newcomer(): Card | undefined {
    return this.#begun?.card;
  }

  take(frame: JoiningFrame, nowMs: number): HostStep {
    if (this.#state === 'over') return { kind: 'ended', why: 'wrong-order' };
    if (nowMs >= this.#endsAtMs) return this.#end('too-late');
    if (frame.type === 'begin' && this.#state === 'opened') return this.#begin(frame);
    if (frame.type === 'reveal' && this.#state === 'committed') return this.#reveal(frame);
    if (frame.type === 'agree' && this.#state === 'revealed') {
      this.#state = 'agreed';
      return { kind: 'agreed' };
    }
    return this.#end('wrong-order');
  }

  /**
   * The person chose *Let in*. Enters the admission into the ledger; the caller saves it to the disk before it sends the frames.
   * @param as the person whose further computer it is, or who comes back; otherwise a new person
   * @throws CorridorError `not-compared` before the newcomer's person has agreed, or after the end
   */
  letIn(nowMs: number, as: { readonly person?: PersonId } = {}): JoinAnswer {
    const begun = this.#begun;
    if (this.#state !== 'agreed' || nowMs >= this.#endsAtMs || !begun) {
      throw notCompared();
    }
    this.#state = 'over';
    const { self, ledger } = this.#with;
    const why = this.#whyNot(begun.card, as.person);
    if (why !== undefined) return { admission: undefined, frames: [refusedFrame(why)] };
    const { person = begun.card.node } = as;
    // A person who has a number keeps it.
    const extension = as.person === undefined ? freeExtension(ledger.standing, begun.extension) : undefined;
    const number = extension === undefined ? {} : { extension };
    const admission = signRule(self, ledger, 'admit', { card: begun.signed, person, ...number });
    return admit(ledger, admission, begun.card.node, undefined, []);
  }

  /** The person refused, or closed the question. */
  refuse(): JoiningFrameOf<'refused'> | undefined {
    if (this.#state === 'over') return undefined;
    this.#state = 'over';
    return refusedFrame('declined');
  }

  /** Checks the time limit. */
  tick(nowMs: number): HostStep {
    if (this.#state === 'over' || nowMs < this.#endsAtMs) return { kind: 'wait' };
    return this.#end('too-late');
  }

  #begin({ tag, card: signed, commit, extension }: JoiningFrameOf<'begin'>): HostStep {
    const { ledger, isExpected, nonce } = this.#with;
    if (tag !== toBase64url(officeTagOf(ledger.office))) return this.#refuse('other-office');
    const card = readCard(signed);
    if (!card) return this.#refuse('bad-card');
    if (!isCardOf(card, this.#link)) return this.#end('other-keys');
    if (!isExpected(card)) return this.#refuse('closed');
    if (ledger.standing.removed.has(card.node)) return this.#refuse('removed');
    this.#begun = { signed, card, commitment: fromBase64url(commit), extension };
    this.#state = 'committed';
    return { kind: 'send', frame: { type: 'nonce', card: this.#with.card, nonce: toBase64url(nonce) } };
  }

  #reveal({ nonce }: JoiningFrameOf<'reveal'>): HostStep {
    const begun = this.#begun;
    if (!begun) return this.#end('wrong-order');
    const { card, commitment } = begun;
    const newcomerNonce = fromBase64url(nonce);
    if (!isCommitmentTo(commitment, newcomerNonce, card)) return this.#end('other-commitment');
    this.#state = 'revealed';
    const digits = digitsOf({
      ...{ tag: officeTagOf(this.#with.ledger.office), exported: this.#link.exported, commitment },
      ...{ newcomer: card, host: this.#own, newcomerNonce, hostNonce: this.#with.nonce },
    });
    return { kind: 'compare', digits };
  }

  #whyNot({ node }: Card, person?: PersonId): JoinRefusal | undefined {
    const { self, ledger } = this.#with;
    const { members, removed } = ledger.standing;
    if (removed.has(node)) return 'removed';
    // Every member may add further computers of their own.
    if (person !== undefined && members.get(self.nodeId)?.person === person) return undefined;
    const why = whyNotAdmitting(ledger.standing, self.nodeId);
    if (why === undefined) return undefined;
    return why === 'full' ? 'full' : 'cannot-admit';
  }

  #refuse(why: JoinRefusal): HostStep {
    this.#state = 'over';
    return { kind: 'refused', why, frame: refusedFrame(why) };
  }

  #end(why: JoinEnd): HostStep {
    this.#state = 'over';
    return { kind: 'ended', why };
  }
}
