import type { JoinEnd, JoinRefusal } from '../../../i18n/index.ts';
import type { NodeId, Signed } from '../../model/index.ts';
import { Ledger } from '../ledger/ledger.ts';
import { statementIdOf, officeIdOf, type OfficeId } from '../ledger/statement.ts';
import {
  MAX_ADDRESSES,
  MAX_WELCOME_STATEMENTS,
  WELCOME_FRAME_BYTES,
  type JoiningFrameOf,
  type Place,
} from './frames.ts';
import { holdsAll, readInvitation } from './invitation.ts';

/** The largest ledger that a newcomer accepts, in characters of payloads: about ten times the size at which an office is founded anew. */
const MAX_LEDGER_CHARACTERS = 16 * 1024 * 1024;

type Welcome = JoiningFrameOf<'welcome'>;

/** What a newcomer gets with its admission. */
export interface Joined {
  /** To be saved to the disk completely before anything is signed. */
  readonly ledger: Ledger;
  /** The record of the invitation that was redeemed. */
  readonly invitation: Signed | undefined;
}

/** The next step of the newcomer's side. After `joined`, `refused` and `ended` the link is closed. */
export type NewcomerStep =
  | { readonly kind: 'wait' }
  | { readonly kind: 'send'; readonly frame: JoiningFrameOf<'reveal'>; readonly digits: string }
  | { readonly kind: 'joined'; readonly joined: Joined }
  | { readonly kind: 'refused'; readonly why: JoinRefusal; readonly addresses: readonly Place[] }
  | { readonly kind: 'ended'; readonly why: JoinEnd };

/** The whole ledger in frames: each statement after its past, so that the newcomer can check each as it comes. */
export function welcomeFrames(ledger: Ledger, invitation?: Signed): Welcome[] {
  const parts: Signed[][] = [];
  let bytes = 0;
  for (const signed of ledger.statements) {
    const part = parts.at(-1);
    const length = Buffer.byteLength(signed.payload) + signed.signature.length;
    if (part && part.length < MAX_WELCOME_STATEMENTS && bytes + length <= WELCOME_FRAME_BYTES) {
      part.push(signed);
      bytes += length;
    } else {
      parts.push([signed]);
      bytes = length;
    }
  }
  return parts.map((statements, at) => ({
    type: 'welcome',
    statements,
    ...(at === 0 && invitation ? { invitation } : {}),
    isLast: at === parts.length - 1,
  }));
}

export function refusedFrame(why: JoinRefusal, addresses: readonly Place[] = []): JoiningFrameOf<'refused'> {
  return { type: 'refused', why, addresses: addresses.slice(0, MAX_ADDRESSES) };
}

/** What the newcomer knew before, by which it recognizes the office that it meant to join. */
interface Expected {
  readonly isOffice: (office: OfficeId) => boolean;
  /** The public key of the invitation, where one is redeemed. */
  readonly invitationKey?: string;
  readonly self: NodeId;
  /** The node at the other end, by its certificate. */
  readonly peer: NodeId;
}

/** Reads the welcome, whose sender the newcomer does not trust. The first invalid statement ends it. */
export class WelcomeReader {
  readonly #expected: Expected;
  #ledger: Ledger | undefined;
  #invitation: Signed | undefined;
  #characters = 0;

  constructor(expected: Expected) {
    this.#expected = expected;
  }

  take({ statements, invitation, isLast }: Welcome): NewcomerStep {
    this.#invitation ??= invitation;
    if (statements.length === 0) return ended('wrong-order');
    for (const signed of statements) {
      this.#characters += signed.payload.length;
      if (this.#characters > MAX_LEDGER_CHARACTERS || !this.#enter(signed)) return ended('false-office');
    }
    if (!isLast) return { kind: 'wait' };
    return this.#ledger ? this.#judge(this.#ledger) : ended('false-office');
  }

  #enter(signed: Signed): boolean {
    if (this.#ledger) return ['added', 'known'].includes(this.#ledger.add(signed));
    // The cheapest check comes first: a charter of another office is not even parsed.
    if (!this.#expected.isOffice(officeIdOf(statementIdOf(signed)))) return false;
    try {
      this.#ledger = new Ledger(signed);
      return true;
    } catch {
      return false;
    }
  }

  #judge(ledger: Ledger): NewcomerStep {
    const { self, peer, invitationKey } = this.#expected;
    const { members } = ledger.standing;
    if (invitationKey !== undefined) {
      const invitation = this.#invitation && readInvitation(this.#invitation, ledger);
      // An outdated ledger is refused: it must contain everything that the invitation's maker had seen.
      if (!invitation || !holdsAll(ledger, invitation.after)) return ended('old-ledger');
      if (invitation.key !== invitationKey) return ended('false-office');
    }
    if (!members.has(self) || !members.has(peer)) return ended('not-admitted');
    return { kind: 'joined', joined: { ledger, invitation: this.#invitation } };
  }
}

export function ended(why: JoinEnd): Extract<NewcomerStep, { kind: 'ended' }> {
  return { kind: 'ended', why };
}
