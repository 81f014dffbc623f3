import { createHash, createPublicKey, sign, verify } from 'node:crypto';
import type { JoinRefusal } from '../../../i18n/index.ts';
import {
  dialCodesIn,
  fromBase64url,
  lowestFree,
  rowHiding,
  spkiOfPoint,
  toBase64url,
  type NodeId,
  type Signed,
} from '../../model/index.ts';
import type { Identity } from '../identity.ts';
import { signRule } from '../ledger/author.ts';
import type { Ledger, Standing } from '../ledger/ledger.ts';
import type { SecretKey } from '../ledger/secret-key.ts';
import { readCard, type Card, type OfficeId } from '../ledger/statement.ts';
import type { JoiningFrame, JoiningFrameOf, Place } from './frames.ts';
import type { Invitation } from './invitation.ts';
import type { Invitations } from './invitations.ts';
import { invitationKey, type JoinLink } from './join-link.ts';
import { whyNotAdmitting } from './may-admit.ts';
import { ended, refusedFrame, WelcomeReader, welcomeFrames, type NewcomerStep } from './welcome.ts';

/** A redemption that takes longer has failed, ms. */
export const REDEEM_WITHIN_MS = 120_000;

/** What a proof is signed over, so that it is valid for this card and this office alone. */
function proven(office: OfficeId, card: Signed): Buffer {
  const hash = createHash('sha256').update(card.payload).digest();
  return Buffer.concat([Buffer.from('corridor redeem v1'), fromBase64url(office), hash]);
}

export function signRedemption(key: SecretKey, office: OfficeId, card: Signed): JoiningFrameOf<'redeem'> {
  const encoding = { key: key.privateKey, dsaEncoding: 'ieee-p1363' } as const;
  const proof = toBase64url(sign('sha256', proven(office, card), encoding));
  return { type: 'redeem', card, key: toBase64url(key.publicKey), proof };
}

/** Whether its sender knows the secret of the invitation with this key. */
export function isProven({ card, key, proof }: JoiningFrameOf<'redeem'>, office: OfficeId): boolean {
  const spki = spkiOfPoint(fromBase64url(key));
  if (!spki) return false;
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  const encoding = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', proven(office, card), encoding, fromBase64url(proof));
}

/** The node at which an invitation is redeemed. */
interface RedemptionHost {
  readonly self: Pick<Identity, 'nodeId' | 'sign'>;
  readonly ledger: Ledger;
  readonly invitations: Invitations;
}

/** The judgement on a redemption. `welcome`: the computer is a member already; its welcome was lost. */
type RedemptionJudgement =
  | { readonly kind: 'admit'; readonly card: Card; readonly invitation: Invitation }
  | { readonly kind: 'welcome'; readonly card: Card; readonly invitation: Invitation }
  | { readonly kind: 'refused'; readonly why: JoinRefusal };

/**
 * Checks everything that must hold before this node admits somebody by an invitation. Reveals nothing to a peer that does not know the
 * secret.
 * @param peer the node at the other end of the link, by its certificate
 */
function judgeRedemption(
  { self, ledger, invitations }: RedemptionHost,
  frame: JoiningFrameOf<'redeem'>,
  peer: NodeId,
  nowMs: number,
): RedemptionJudgement {
  const refused = (why: JoinRefusal): RedemptionJudgement => ({ kind: 'refused', why });
  const card = readCard(frame.card);
  // A member's card is public, so somebody with an old link could present it and be welcomed as that member.
  if (card?.node !== peer) return refused('bad-card');
  if (!isProven(frame, ledger.office)) return refused('bad-proof');
  const [found] = invitations.withKey(frame.key, nowMs);
  if (!found) return refused('unknown-invitation');
  const { invitation, state } = found;
  const { members, removed } = ledger.standing;
  if (removed.has(card.node)) return refused('removed');
  if (members.has(card.node)) return { kind: 'welcome', card, invitation };
  const why = whyNotAdmitting(ledger.standing, self.nodeId);
  if (why !== undefined) return refused(why === 'full' ? 'full' : 'cannot-admit');
  if (state.closed !== undefined) return refused(state.closed);
  return { kind: 'admit', card, invitation };
}

export interface JoinAnswer {
  /** The admission, which is in the ledger already and must be on the disk before the frames are sent. */
  readonly admission: Signed | undefined;
  readonly frames: readonly (JoiningFrameOf<'welcome'> | JoiningFrameOf<'refused'>)[];
}

/** The wanted extension if it is free, otherwise the lowest free one from 101 on whose mailbox no dial code hides. */
export function freeExtension(
  { extensions, groupNumbers, settings }: Standing,
  wish: string | undefined,
): string {
  const codes = dialCodesIn(settings);
  const isRefused = (extension: string): boolean =>
    extensions.has(extension) || groupNumbers.has(extension) || rowHiding(extension, codes) !== undefined;
  return wish !== undefined && !isRefused(wish) ? wish : lowestFree(isRefused);
}

/**
 * Answers a redemption. The admission enters the ledger at once, so that the last use of an invitation admits one newcomer.
 * @param peer the node at the other end of the link, by its certificate
 * @param others nodes that may admit, for a newcomer that is refused here
 */
export function answerRedemption(
  host: RedemptionHost,
  frame: JoiningFrameOf<'redeem'>,
  peer: NodeId,
  others: readonly Place[],
  nowMs: number,
): JoinAnswer {
  const judged = judgeRedemption(host, frame, peer, nowMs);
  if (judged.kind === 'refused') return { admission: undefined, frames: [refusedFrame(judged.why, others)] };
  const { card, invitation } = judged;
  if (judged.kind === 'welcome')
    return { admission: undefined, frames: welcomeFrames(host.ledger, invitation.signed) };
  const extension = freeExtension(host.ledger.standing, frame.extension);
  const fields = { card: frame.card, person: card.node, extension, invitation: invitation.id };
  const admission = signRule(host.self, host.ledger, 'admit', fields);
  return admit(host.ledger, admission, card.node, invitation.signed, others);
}

/** Enters an admission and makes the welcome. Refuses if the admission does not count, such as when a plain member sponsors too many. */
export function admit(
  ledger: Ledger,
  admission: Signed,
  newcomer: NodeId,
  invitation: Signed | undefined,
  others: readonly Place[],
): JoinAnswer {
  ledger.add(admission);
  const isIn = ledger.standing.members.has(newcomer);
  return { admission, frames: isIn ? welcomeFrames(ledger, invitation) : [refusedFrame('full', others)] };
}

/** The newcomer's side of a redemption: sends `first`, then reads the answer. */
export class Redeemer {
  readonly first: JoiningFrameOf<'redeem'>;
  readonly #reader: WelcomeReader;
  readonly #endsAtMs: number;
  #hasWelcome = false;
  #isOver = false;

  /**
   * @param card the newcomer's own card
   * @param peer the node at the other end, by its certificate
   * @param extension the extension that its person would like
   */
  constructor(
    link: JoinLink,
    card: Signed,
    { self, peer, extension }: { readonly self: NodeId; readonly peer: NodeId; readonly extension?: string },
    nowMs: number,
  ) {
    const key = invitationKey(link);
    const redeem = signRedemption(key, link.office, card);
    this.first = extension === undefined ? redeem : { ...redeem, extension };
    this.#endsAtMs = nowMs + REDEEM_WITHIN_MS;
    this.#reader = new WelcomeReader({
      isOffice: (office) => office === link.office,
      invitationKey: toBase64url(key.publicKey),
      ...{ self, peer },
    });
  }

  take(frame: JoiningFrame, nowMs: number): NewcomerStep {
    const step = this.#isOver ? ended('wrong-order') : this.#take(frame, nowMs);
    this.#isOver = step.kind !== 'wait';
    return step;
  }

  /** Checks the time limit. */
  tick(nowMs: number): NewcomerStep {
    if (this.#isOver || nowMs < this.#endsAtMs) return { kind: 'wait' };
    this.#isOver = true;
    return ended('too-late');
  }

  #take(frame: JoiningFrame, nowMs: number): NewcomerStep {
    if (nowMs >= this.#endsAtMs) return ended('too-late');
    if (frame.type === 'refused' && !this.#hasWelcome) {
      return { kind: 'refused', why: frame.why, addresses: frame.addresses };
    }
    if (frame.type !== 'welcome') return ended('wrong-order');
    this.#hasWelcome = true;
    return this.#reader.take(frame);
  }
}
