import { createHash } from 'node:crypto';
import * as v from 'valibot';
import {
  base64url,
  fromBase64url,
  isSignedBy,
  isTextWithin,
  MAX_STATEMENT_BYTES,
  nodeIdSchema,
  readStatement,
  spkiOfPoint,
  toBase64url,
  type NodeId,
  type Signed,
} from '../../model/index.ts';
import type { Identity } from '../identity.ts';
import type { Ledger, Standing } from '../ledger/ledger.ts';
import {
  MAX_AFTER,
  officeIdSchema,
  point,
  statementIdOf,
  statementIdSchema,
  type StatementId,
} from '../ledger/statement.ts';
import { whyNotAdmitting } from './may-admit.ts';

/*
 * An invitation is a signed record outside the ledger: it makes nobody a member, but tells admitting nodes whom they may admit. So it may
 * end by a clock, and may be forgotten.
 */

export const MAX_USES = 100;
const DAY_MS = 24 * 60 * 60 * 1000;
export const DEFAULT_USES = 20;
export const DEFAULT_SPAN_MS = 7 * DAY_MS;
export const MAX_SPAN_MS = 90 * DAY_MS;
/** How long nodes keep a record after its end, ms, so that its maker can see why it is over. */
export const KEPT_AFTER_END_MS = DAY_MS;
const REMOVALS_BYTES = 8;

export const invitationIdSchema = v.pipe(base64url(16), v.brand('InvitationId'));
/** The first 16 bytes of the payload's SHA-256, by which admissions name an invitation. */
export type InvitationId = v.InferOutput<typeof invitationIdSchema>;

const timeSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15));
const invitationSchema = v.object({
  v: v.literal(1),
  type: v.literal('invitation'),
  by: nodeIdSchema,
  office: officeIdSchema,
  /** The public key, whose secret only the maker keeps. */
  key: point,
  /** Milliseconds since the epoch. */
  until: timeSchema,
  uses: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_USES)),
  after: v.pipe(v.array(statementIdSchema), v.minLength(1), v.maxLength(MAX_AFTER)),
  removals: base64url(REMOVALS_BYTES),
});
const withdrawalSchema = v.object({
  v: v.literal(1),
  type: v.literal('withdraw'),
  by: nodeIdSchema,
  office: officeIdSchema,
  invitation: invitationIdSchema,
  /** The same as the invitation's, so that a node that has the withdrawal alone knows when to forget it. */
  until: timeSchema,
});

interface Read {
  readonly id: InvitationId;
  readonly signed: Signed;
}
export type Invitation = v.InferOutput<typeof invitationSchema> & Read;
export type Withdrawal = v.InferOutput<typeof withdrawalSchema> & Read;

type Signer = Pick<Identity, 'nodeId' | 'sign'>;

/** @throws RangeError where uses or span are out of bounds */
export function signInvitation(
  maker: Signer,
  ledger: Ledger,
  publicKey: Uint8Array,
  { until, uses }: { readonly until: number; readonly uses: number },
): Signed {
  return maker.sign(
    v.parse(invitationSchema, {
      ...{ v: 1, type: 'invitation', by: maker.nodeId, office: ledger.office },
      ...{ key: toBase64url(publicKey), until, uses },
      ...{ after: ledger.afterFor(maker.nodeId), removals: removalsHash(ledger.standing) },
    }),
  );
}

export function signWithdrawal(by: Signer, ledger: Ledger, { id, until }: Invitation): Signed {
  const common = { v: 1, type: 'withdraw', by: by.nodeId, office: ledger.office };
  return by.sign({ ...common, invitation: id, until });
}

/** Reads an invitation, if its maker is in the ledger and signed it; undefined otherwise. */
export function readInvitation(signed: Signed, ledger: Ledger): Invitation | undefined {
  const read = isTextWithin(signed.payload, MAX_STATEMENT_BYTES)
    ? readStatement(signed, invitationSchema)
    : undefined;
  if (read?.office !== ledger.office || !isByMember(signed, read.by, ledger)) return undefined;
  return spkiOfPoint(fromBase64url(read.key)) && { ...read, id: invitationIdOf(signed), signed };
}

export function readWithdrawal(signed: Signed, ledger: Ledger): Withdrawal | undefined {
  const read = isTextWithin(signed.payload, MAX_STATEMENT_BYTES)
    ? readStatement(signed, withdrawalSchema)
    : undefined;
  if (read?.office !== ledger.office || !isByMember(signed, read.by, ledger)) return undefined;
  return { ...read, id: invitationIdOf(signed), signed };
}

/** Why an invitation is closed. */
export type NotOpen = 'maker-out' | 'withdrawn' | 'over' | 'used-up' | 'removal-since' | 'behind';

/** The state of an invitation at this node. */
export interface InvitationState {
  readonly uses: number;
  readonly used: number;
  /** Undefined: it is open. */
  readonly closed: NotOpen | undefined;
}

/**
 * Whether this node would admit somebody by the invitation now. A removal closes all earlier invitations, since the removed person may
 * have seen their links in a chat.
 */
export function invitationState(
  invitation: Invitation,
  withdrawals: readonly Withdrawal[],
  ledger: Ledger,
  nowMs: number,
): InvitationState {
  const { standing } = ledger;
  const used = standing.invited.get(invitation.id)?.size ?? 0;
  return {
    uses: invitation.uses,
    used,
    closed: closedBecause(invitation, withdrawals, ledger, nowMs, used),
  };
}

function closedBecause(
  { id, by, until, uses, after, removals }: Invitation,
  withdrawals: readonly Withdrawal[],
  ledger: Ledger,
  nowMs: number,
  used: number,
): NotOpen | undefined {
  const { standing } = ledger;
  if (whyNotAdmitting(standing, by) !== undefined) return 'maker-out';
  const isWithdrawn = withdrawals.some(
    (one) => one.invitation === id && (one.by === by || standing.admins.has(one.by)),
  );
  if (isWithdrawn) return 'withdrawn';
  if (removals !== removalsHash(standing)) return holdsAll(ledger, after) ? 'removal-since' : 'behind';
  if (!holdsAll(ledger, after)) return 'behind';
  if (nowMs >= until) return 'over';
  return used >= uses ? 'used-up' : undefined;
}

/** Whether the ledger holds these statements, and so their whole past (a statement without its past waits outside). */
export function holdsAll(ledger: Ledger, ids: readonly StatementId[]): boolean {
  return ids.every((id) => ledger.get(id) !== undefined);
}

/** 8 bytes of SHA-256 over the sorted ids of the removals in force. */
function removalsHash({ removals }: Standing): string {
  const hash = createHash('sha256');
  for (const id of [...removals].sort()) hash.update(fromBase64url(id));
  return hash.digest().subarray(0, REMOVALS_BYTES).toString('base64url');
}

export function invitationIdOf(signed: Signed): InvitationId {
  return fromBase64url(statementIdOf(signed)).subarray(0, 16).toString('base64url') as InvitationId;
}

function isByMember(signed: Signed, by: NodeId, { standing }: Ledger): boolean {
  const member = standing.members.get(by);
  return member !== undefined && isSignedBy(signed, member.card.signingKey);
}
