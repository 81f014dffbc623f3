import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { newMessageId, nodeIdSchema } from './ids.ts';
import { POINT_BYTES } from './p256.ts';
import type { Random } from './ports.ts';
import { whole } from './whole.ts';

/** Names a call: 16 random bytes. */
export const callIdSchema = v.pipe(base64url(16), v.brand('CallId'));
export type CallId = v.InferOutput<typeof callIdSchema>;

export function newCallId(random: Random): CallId {
  return v.parse(callIdSchema, newMessageId(random));
}

/** One direction of a call: its RTP stream, and its key and salt (28 bytes) wrapped for the computer at the other end. */
export const callKeySchema = v.object({
  ssrc: whole(0, 0xffff_ffff),
  enc: base64url(POINT_BYTES),
  /** With AES-128-GCM's tag. */
  sealed: base64url(28 + 16),
});
export type CallKey = v.InferOutput<typeof callKeySchema>;

/** Why a call ended, for the other end. A reason of a later version reads as `other`. */
const callEndReasonSchema = v.fallback(
  v.picklist([
    ...(['hung-up', 'cancelled', 'declined', 'unanswered', 'elsewhere', 'undisturbed'] as const),
    ...(['full', 'vanished', 'failed', 'transferred', 'picked-up', 'other'] as const),
  ]),
  'other',
);
export type CallEndReason = v.InferOutput<typeof callEndReasonSchema>;

/** A call that the other side is to begin instead of this one, and with whom. Without `node`: at all computers of that person. */
const callReferSchema = v.object({
  call: callIdSchema,
  person: nodeIdSchema,
  node: v.optional(nodeIdSchema),
});
export type CallRefer = v.InferOutput<typeof callReferSchema>;

/** What has become of the call that the other side asked for. A state of a later version reads as `calling`. */
const callReferredSchema = v.object({
  call: callIdSchema,
  state: v.fallback(v.picklist(['calling', 'ringing', 'waiting', 'notified', 'failed']), 'calling'),
  reason: v.optional(callEndReasonSchema),
});
export type CallReferred = v.InferOutput<typeof callReferredSchema>;

/** The call by which that person comes in place of whoever says it. */
const callAwaitsSchema = v.object({ call: callIdSchema, person: nodeIdSchema });

/** As many can be in one call. */
export const MAX_PARTY = 6;
/** Two may bring somebody in at the same moment. */
export const MAX_SEATS = MAX_PARTY + 2;

/** A computer in a call of several, and the call by which it came in. */
const callSeatSchema = v.object({ node: nodeIdSchema, seat: callIdSchema });
export type CallSeat = v.InferOutput<typeof callSeatSchema>;

/** A call of several: a call of two between each of them. It is named like the first of these. */
const callPartySchema = v.object({
  id: callIdSchema,
  /** Who is in it, as far as whoever says it knows. */
  seats: v.pipe(v.array(callSeatSchema), v.maxLength(MAX_SEATS)),
  /** Both are in it by the word of others: nobody is asked whether to answer. */
  joins: v.optional(v.literal(true)),
});
export type CallParty = v.InferOutput<typeof callPartySchema>;

const MAX_REV = 1_000_000_000;

/**
 * What one computer says of a call to the other: all that holds for it now, so that the last one that comes says everything and any
 * may be lost. It goes in a sealed datagram, which proves who says it.
 */
export const callSignalSchema = v.pipe(
  v.object({
    v: v.literal(1),
    call: callIdSchema,
    /** Whose word it is. */
    side: v.picklist(['caller', 'callee']),
    /** Rises with each change. */
    rev: whole(1, MAX_REV),
    /** The highest of the other side that has come here. */
    seen: whole(0, MAX_REV),
    /** Whoever sends it has not heard yet that it arrived. */
    asks: v.optional(v.literal(true)),
    /**
     * Caller: `calling`, `connected`. Callee: `ringing`; `waiting`: its person is in another call; `notified`: nothing rings there,
     * but the person is told; `answered`. Both: `ended`.
     */
    state: v.picklist(['calling', 'connected', 'ringing', 'waiting', 'notified', 'answered', 'ended']),
    reason: v.optional(callEndReasonSchema),
    /** Of a call that was picked up: by whom. */
    by: v.optional(nodeIdSchema),
    /** This side does not listen for a while. */
    held: v.optional(v.literal(true)),
    /** What this side speaks under: `calling` and `answered` have it. */
    key: v.optional(callKeySchema),
    /** Who was dialled, where their divert leads here. */
    meant: v.optional(nodeIdSchema),
    refer: v.optional(callReferSchema),
    referred: v.optional(callReferredSchema),
    awaits: v.optional(callAwaitsSchema),
    party: v.optional(callPartySchema),
  }),
  v.check(
    ({ state, key }) => (state === 'calling' || state === 'answered') === (key !== undefined),
    'a key is missing, or has no place',
  ),
  v.check(({ side, state }) => state === 'ended' || STATES_OF[side].includes(state), 'not of this side'),
);
export type CallSignal = v.InferOutput<typeof callSignalSchema>;

const STATES_OF: Record<'caller' | 'callee', readonly string[]> = {
  caller: ['calling', 'connected'],
  callee: ['ringing', 'waiting', 'notified', 'answered'],
};
