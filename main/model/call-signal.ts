import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { newMessageId, nodeIdSchema } from './ids.ts';
import { POINT_BYTES } from './p256.ts';
import type { Random } from './ports.ts';
import { whole } from './whole.ts';

/** The id of a call: 16 random bytes. */
export const callIdSchema = v.pipe(base64url(16), v.brand('CallId'));
export type CallId = v.InferOutput<typeof callIdSchema>;

export function newCallId(random: Random): CallId {
  return v.parse(callIdSchema, newMessageId(random));
}

/** One direction of a call: its RTP stream, and its key and salt (28 bytes) wrapped for the computer at the other end. */
export const callKeySchema = v.object({
  ssrc: whole(0, 0xffff_ffff),
  enc: base64url(POINT_BYTES),
  /** Key‖salt (28 bytes) and AES-128-GCM's tag (16 bytes). */
  sealed: base64url(28 + 16),
});
export type CallKey = v.InferOutput<typeof callKeySchema>;

/** Why a call ended, as it is sent. A reason of a later version reads as `other`. */
const callEndReasonSchema = v.fallback(
  v.picklist([
    ...(['hung-up', 'cancelled', 'declined', 'unanswered', 'elsewhere', 'undisturbed'] as const),
    ...(['full', 'vanished', 'failed', 'transferred', 'picked-up', 'asleep', 'other'] as const),
  ]),
  'other',
);
export type CallEndReason = v.InferOutput<typeof callEndReasonSchema>;

/** A transfer: the call that the other side is asked to make instead. Without `node`: to all computers of that person. */
const callReferSchema = v.object({
  call: callIdSchema,
  person: nodeIdSchema,
  node: v.optional(nodeIdSchema),
});
export type CallRefer = v.InferOutput<typeof callReferSchema>;

/** How far the call has come that the other side asked for. A state of a later version reads as `calling`. */
const callReferredSchema = v.object({
  call: callIdSchema,
  state: v.fallback(v.picklist(['calling', 'ringing', 'waiting', 'notified', 'failed']), 'calling'),
  reason: v.optional(callEndReasonSchema),
});
export type CallReferred = v.InferOutput<typeof callReferredSchema>;

/** Announces a transferred call: that person will call under this id, instead of the sender. */
const callAwaitsSchema = v.object({ call: callIdSchema, person: nodeIdSchema });

/** The most people in one call. */
export const MAX_PARTY = 6;
/** More than `MAX_PARTY`, since two people may call somebody in at the same moment. */
export const MAX_SEATS = MAX_PARTY + 2;

/** A computer in a call of several, and the call by which it came in. */
const callSeatSchema = v.object({ node: nodeIdSchema, seat: callIdSchema });
export type CallSeat = v.InferOutput<typeof callSeatSchema>;

/** A call of several: a call of two between each pair. Its id is that of the first of these calls. */
const callPartySchema = v.object({
  id: callIdSchema,
  /** The participants that the sender knows of. */
  seats: v.pipe(v.array(callSeatSchema), v.maxLength(MAX_SEATS)),
  /** This call joins two participants that others named, so it is answered without asking a person. */
  joins: v.optional(v.literal(true)),
});
export type CallParty = v.InferOutput<typeof callPartySchema>;

const MAX_REV = 1_000_000_000;

/**
 * A call signal: the complete state of one side of a call, so that the latest one suffices and any may be lost. It goes in a sealed
 * datagram, which proves its sender.
 */
export const callSignalSchema = v.pipe(
  v.object({
    v: v.literal(1),
    call: callIdSchema,
    /** The sender's side. */
    side: v.picklist(['caller', 'callee']),
    /** Rises with each change. */
    rev: whole(1, MAX_REV),
    /** The highest `rev` of the other side that the sender has received. */
    seen: whole(0, MAX_REV),
    /** The sender asks for an answer, since this state is not acknowledged yet. */
    asks: v.optional(v.literal(true)),
    /**
     * Caller: `calling`, `connected`. Callee: `ringing`; `waiting`: its person is in another call; `notified`: it does not ring there,
     * but the person gets a notification; `answered`. Both: `ended`.
     */
    state: v.picklist(['calling', 'connected', 'ringing', 'waiting', 'notified', 'answered', 'ended']),
    reason: v.optional(callEndReasonSchema),
    /** The person who picked up the call, if it ended so. */
    by: v.optional(nodeIdSchema),
    /** The call was answered automatically, since the called person chose that for the caller. */
    automatic: v.optional(v.literal(true)),
    /** This side holds the call. */
    held: v.optional(v.literal(true)),
    /** This side records the call, or is about to. The number tells its recordings apart. */
    recording: v.optional(whole(1, MAX_REV)),
    /** The other side's recording that this side shows to its person and announces by a tone. */
    told: v.optional(whole(1, MAX_REV)),
    /** The key under which this side sends; `calling` and `answered` have it. */
    key: v.optional(callKeySchema),
    /** The person who was dialled, where their divert led here. */
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
