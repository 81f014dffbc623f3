import { localizedText, type LocalizedText } from '../../../i18n/index.ts';
import { CorridorError, type NodeId, type Signed } from '../../model/index.ts';
import type { Identity } from '../identity.ts';
import { signCharter } from '../ledger/author.ts';
import { Ledger, type Standing } from '../ledger/ledger.ts';
import { MAX_REMOVED, type OfficeId } from '../ledger/statement.ts';
import type { JoiningFrameOf } from './frames.ts';
import { Invitations } from './invitations.ts';
import { readJoinLink, type JoinLink } from './join-link.ts';
import { MAX_USES } from './invitation.ts';
import { recoveryKeyOf, writeRecoveryCode } from './recovery-code.ts';

type Founder = Pick<Identity, 'nodeId' | 'sign' | 'signingKeySpki' | 'hpkePublicKey'>;

export interface Founded {
  /** To be brought to the disk before anything else is signed. */
  readonly charter: Signed;
  readonly ledger: Ledger;
  /** To be shown to the founder until they have put it away. */
  readonly recoveryCode: string;
}

/** @param recoverySecret 16 bytes that nobody can guess */
export function foundOffice(
  founder: Founder,
  office: { readonly name: string; readonly admit: 'members' | 'admins' },
  recoverySecret: Uint8Array,
): Founded {
  const recovery = recoveryKeyOf(recoverySecret).publicKey;
  const charter = signCharter(founder, { ...office, recovery });
  return { charter, ledger: new Ledger(charter), recoveryCode: writeRecoveryCode(recoverySecret) };
}

export interface FoundedAnew extends Founded {
  readonly invitations: Invitations;
  /** To each of those who are to come along, over the links of the old office. */
  readonly move: JoiningFrameOf<'move'>;
}

/**
 * Founds the office anew with some of its members: no rule inside a ledger protects it from its most trusted key; people can.
 * @param along the people who are asked to come, by their computers
 */
export function foundAnew(
  founder: Founder,
  old: Standing,
  office: { readonly name: string; readonly admit: 'members' | 'admins' },
  along: ReadonlySet<NodeId>,
  secrets: { readonly recovery: Uint8Array; readonly invitation: Uint8Array },
  nowMs: number,
): FoundedAnew {
  const founded = foundOffice(founder, office, secrets.recovery);
  const invitations = new Invitations(founded.ledger);
  const uses = Math.min(MAX_USES, Math.max(1, along.size));
  const { link } = invitations.make(founder, secrets.invitation, nowMs, { uses });
  const without = [...old.members.keys()].filter((node) => node !== founder.nodeId && !along.has(node));
  return { ...founded, invitations, move: { type: 'move', link, without: without.slice(0, MAX_REMOVED) } };
}

/** A member’s proposal to move to an office that it founded anew. */
export interface Move {
  readonly from: NodeId;
  readonly link: JoinLink;
  readonly without: readonly NodeId[];
}

/** Each person is asked once for each office: whoever founds office after office asks nobody twice in an hour. */
export const MOVE_AGAIN_AFTER_MS = 60 * 60_000;

/** Which proposals to move a person has been asked about. */
export class Moves {
  readonly #offices = new Set<OfficeId>();
  readonly #askedAtMs = new Map<NodeId, number>();

  /** Undefined: the sender is no member, was heard not long ago, or it leads nowhere new. */
  take(frame: JoiningFrameOf<'move'>, from: NodeId, ledger: Ledger, nowMs: number): Move | undefined {
    if (!ledger.standing.members.has(from)) return undefined;
    if (nowMs - (this.#askedAtMs.get(from) ?? -Infinity) < MOVE_AGAIN_AFTER_MS) return undefined;
    const link = linkOf(frame.link);
    if (!link || link.office === ledger.office || this.#offices.has(link.office)) return undefined;
    this.#offices.add(link.office);
    this.#askedAtMs.set(from, nowMs);
    return { from, link, without: frame.without };
  }
}

/** What the person is asked. `without`: the names of those who are left behind. */
export function moveText(name: string, without: readonly string[]): LocalizedText {
  const left = without.length === 0 ? null : without.join(', ');
  const behind = left === null ? '' : ` without ${left}`;
  const sentence = `${name} has founded the office anew${behind}. Move too?`;
  return localizedText('asked-to-move', sentence, { name, without: left });
}

function linkOf(text: string): JoinLink | undefined {
  try {
    return readJoinLink(text);
  } catch (error) {
    if (error instanceof CorridorError) return undefined;
    throw error;
  }
}
