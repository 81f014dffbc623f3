import * as v from 'valibot';
import {
  base64url,
  CorridorError,
  firstFormat,
  fromBase64url,
  toBase64url,
  type NodeId,
  type Signed,
} from '../../model/index.ts';
import type { Identity } from '../identity.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { SECRET_BYTES } from '../ledger/secret-key.ts';

import { smallSignedSchema } from './frames.ts';
import {
  DEFAULT_SPAN_MS,
  DEFAULT_USES,
  invitationIdOf,
  invitationIdSchema,
  invitationState,
  KEPT_AFTER_END_MS,
  MAX_SPAN_MS,
  readInvitation,
  readWithdrawal,
  signInvitation,
  signWithdrawal,
  type Invitation,
  type InvitationId,
  type InvitationState,
  type Withdrawal,
} from './invitation.ts';
import { invitationKey, writeJoinLink } from './join-link.ts';

/** At most this many records of a member and the people it sponsors are kept, those that end last, so that nobody fills others' disks. */
export const MAX_INVITATIONS_OF_ONE = 64;
const MAX_WITHDRAWALS_OF_ONE = 128;
const MAX_RECORDS = 65_536;

/** The file's content. The records are shared with all nodes; the secrets are this node’s own and are never sent. */
const invitationsFileSchema = v.object({
  version: v.literal(1),
  records: v.pipe(v.array(smallSignedSchema), v.maxLength(MAX_RECORDS)),
  secrets: v.pipe(
    v.array(v.object({ invitation: invitationIdSchema, secret: base64url(SECRET_BYTES) })),
    v.maxLength(MAX_INVITATIONS_OF_ONE),
  ),
});
export type InvitationsFile = v.InferOutput<typeof invitationsFileSchema>;
export const INVITATIONS_FORMAT = firstFormat('version', invitationsFileSchema);

/** The result of adding a record. */
type RecordIntake = 'added' | 'known' | 'refused';

export interface InvitationView extends InvitationState {
  readonly id: InvitationId;
  readonly by: NodeId;
  readonly until: number;
  /** Undefined: another node made it. */
  readonly link: string | undefined;
}

/** The invitations of an office and their withdrawals. Nodes merge theirs by union: in any order, any number of times. */
export class Invitations {
  readonly #ledger: Ledger;
  readonly #invitations = new Map<InvitationId, Invitation>();
  readonly #withdrawals = new Map<InvitationId, Withdrawal>();
  readonly #secrets = new Map<InvitationId, Uint8Array>();

  constructor(ledger: Ledger, file?: InvitationsFile, nowMs = 0) {
    this.#ledger = ledger;
    for (const signed of file?.records ?? []) this.add(signed, nowMs);
    for (const { invitation, secret } of file?.secrets ?? []) {
      if (this.#invitations.has(invitation)) this.#secrets.set(invitation, fromBase64url(secret));
    }
  }

  /** All records, for other nodes. */
  get records(): readonly Signed[] {
    return [...this.#invitations.values(), ...this.#withdrawals.values()].map(({ signed }) => signed);
  }

  get file(): InvitationsFile {
    const secrets = [...this.#secrets].map(([invitation, secret]) => ({
      invitation,
      secret: toBase64url(secret),
    }));
    return { version: 1, records: [...this.records], secrets };
  }

  /** Adds a record from another node or the disk. One that ended long ago is refused; otherwise nodes would exchange it for ever. */
  add(signed: Signed, nowMs: number): RecordIntake {
    // Looked up before signatures are checked, since nodes that meet send each other all records.
    const id = invitationIdOf(signed);
    if (this.#invitations.has(id) || this.#withdrawals.has(id)) return 'known';
    const invitation = readInvitation(signed, this.#ledger);
    if (invitation) return this.#enter(this.#invitations, invitation, MAX_INVITATIONS_OF_ONE, nowMs);
    const withdrawal = readWithdrawal(signed, this.#ledger);
    if (withdrawal) return this.#enter(this.#withdrawals, withdrawal, MAX_WITHDRAWALS_OF_ONE, nowMs);
    return 'refused';
  }

  /** The invitations with this public key; open ones first. */
  withKey(
    key: string,
    nowMs: number,
  ): { readonly invitation: Invitation; readonly state: InvitationState }[] {
    const found = [...this.#invitations.values()].filter((invitation) => invitation.key === key);
    return found
      .map((invitation) => ({ invitation, state: this.#stateOf(invitation, nowMs) }))
      .sort((a, b) => Number(a.state.closed !== undefined) - Number(b.state.closed !== undefined));
  }

  list(nowMs: number): InvitationView[] {
    return [...this.#invitations.values()].map((invitation) => {
      const { id, by, until } = invitation;
      return { ...this.#stateOf(invitation, nowMs), id, by, until, link: this.#linkOf(id) };
    });
  }

  /**
   * Makes an invitation of this node, and adds it. Its record goes to all nodes, its link to those who are invited.
   * @param secret 16 random bytes
   */
  make(
    maker: Pick<Identity, 'nodeId' | 'sign'>,
    secret: Uint8Array,
    nowMs: number,
    {
      spanMs = DEFAULT_SPAN_MS,
      uses = DEFAULT_USES,
    }: { readonly spanMs?: number; readonly uses?: number } = {},
  ): { readonly record: Signed; readonly link: string } {
    if (!(spanMs > 0 && spanMs <= MAX_SPAN_MS)) throw new RangeError('an invitation lasts up to 90 days');
    const { office } = this.#ledger;
    const { publicKey } = invitationKey({ office, secret });
    const record = signInvitation(maker, this.#ledger, publicKey, { until: nowMs + spanMs, uses });
    const invitation = readInvitation(record, this.#ledger);
    if (!invitation) throw new RangeError('only a member invites');
    if (this.add(record, nowMs) !== 'added') {
      throw new CorridorError(
        'too-many-invitations',
        `There are ${MAX_INVITATIONS_OF_ONE} invitations of yours that last longer. Use one of them, or make one that lasts as long.`,
        { details: { most: MAX_INVITATIONS_OF_ONE } },
      );
    }
    this.#secrets.set(invitation.id, secret);
    return { record, link: writeJoinLink({ office, secret }) };
  }

  /** Makes an invitation with the uses that were left of one that ended. Withdraws the old one if it is this node’s. */
  makeAnew(
    maker: Pick<Identity, 'nodeId' | 'sign'>,
    id: InvitationId,
    secret: Uint8Array,
    nowMs: number,
  ): { readonly records: readonly Signed[]; readonly link: string } | undefined {
    const old = this.#invitations.get(id);
    if (!old) return undefined;
    const { used } = this.#stateOf(old, nowMs);
    const withdrawal = old.by === maker.nodeId ? this.withdraw(maker, id, nowMs) : undefined;
    const uses = used < old.uses ? old.uses - used : old.uses;
    const { record, link } = this.make(maker, secret, nowMs, { uses });
    return { records: [...(withdrawal ? [withdrawal] : []), record], link };
  }

  /** Withdraws an invitation. Undefined if there is none, or if it is another node’s and this node is no admin. */
  withdraw(by: Pick<Identity, 'nodeId' | 'sign'>, id: InvitationId, nowMs: number): Signed | undefined {
    const invitation = this.#invitations.get(id);
    if (!invitation) return undefined;
    if (invitation.by !== by.nodeId && !this.#ledger.standing.admins.has(by.nodeId)) return undefined;
    const record = signWithdrawal(by, this.#ledger, invitation);
    this.add(record, nowMs);
    return record;
  }

  /** Forgets records that ended more than a day ago. Returns whether there were any. */
  drop(nowMs: number): boolean {
    const before = this.#invitations.size + this.#withdrawals.size;
    for (const kept of [this.#invitations, this.#withdrawals]) {
      for (const [id, { until }] of kept) if (isForgotten(until, nowMs)) kept.delete(id);
    }
    for (const id of this.#secrets.keys()) if (!this.#invitations.has(id)) this.#secrets.delete(id);
    return this.#invitations.size + this.#withdrawals.size < before;
  }

  #stateOf(invitation: Invitation, nowMs: number): InvitationState {
    return invitationState(invitation, [...this.#withdrawals.values()], this.#ledger, nowMs);
  }

  #linkOf(id: InvitationId): string | undefined {
    const secret = this.#secrets.get(id);
    return secret && writeJoinLink({ office: this.#ledger.office, secret });
  }

  /** Adds a record, and keeps those of its member that end last: the same ones in whatever order they come. */
  #enter<T extends Kept>(kept: Map<InvitationId, T>, record: T, most: number, nowMs: number): RecordIntake {
    if (isForgotten(record.until, nowMs)) return 'refused';
    kept.set(record.id, record);
    const answering = this.#whoAnswersFor(record.by);
    const own = [...kept.values()].filter(({ by }) => this.#whoAnswersFor(by) === answering);
    if (own.length <= most) return 'added';
    const [first] = own.sort((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1));
    if (first) kept.delete(first.id);
    return first === record ? 'refused' : 'added';
  }

  #whoAnswersFor(node: NodeId): NodeId {
    const member = this.#ledger.standing.members.get(node);
    return member?.sponsor ?? member?.person ?? node;
  }
}

interface Kept {
  readonly id: InvitationId;
  readonly by: NodeId;
  readonly until: number;
}

function isForgotten(until: number, nowMs: number): boolean {
  return nowMs > until + KEPT_AFTER_END_MS;
}
