import * as v from 'valibot';
import { base64url, endpointsSchema, nodeIdSchema, whole } from '../model/index.ts';

/** A beat stays far below the smallest Ethernet MTU, with its seal around it. */
export const MAX_BEAT_BYTES = 1200;
/** A node of this rank or above is pinned: always on, and the switch is handed to it. */
export const PINNED_RANK = 1000;
export const MAX_RANK = 2000;
/** The bytes of a roster's digest in a beat. */
export const ROSTER_BYTES = 8;

const timeSchema = v.pipe(v.number(), v.finite(), v.minValue(0));

/** What a node is in the office just now; `listening` has not found a switch yet, `leaving` is its last word. */
const beatRoleSchema = v.picklist(['listening', 'member', 'switch', 'leaving']);

/** A heartbeat: one UDP datagram, JSON, which its sender seals for each receiver. */
export const beatSchema = v.object({
  v: v.literal(1),
  node: nodeIdSchema,
  /** When the sender started, ms since the epoch: tells a restart from a replay. */
  boot: whole(),
  /** Counts every beat the sender made since `boot`, so that a replayed one is known. */
  seq: whole(),
  /** Counts the sender's periodic beats: a hole in it is a loss. */
  period: whole(),
  term: whole(),
  rank: whole(0, MAX_RANK),
  role: beatRoleSchema,
  /** Whom the sender follows (itself, when it is the switch), and where that one listens. */
  switch: v.optional(nodeIdSchema),
  switchAt: v.optional(endpointsSchema),
  /** From a switch: the node that would be elected next, and the node that it hands over to now. */
  standby: v.optional(nodeIdSchema),
  successor: v.optional(nodeIdSchema),
  /** How many nodes the sender knows to be alive, itself included. */
  members: whole(0, 100_000),
  /** The receiver is asked for a beat in return, at once. */
  ask: v.optional(v.boolean()),
  /** The sender's monotonic clock, in ms; and of a beat it answers, that beat's time and how long it was held. */
  sentAt: timeSchema,
  echo: v.optional(v.object({ sentAt: timeSchema, heldMs: timeSchema })),
  /** The revision of the sender's record: a newer one than is known is worth fetching. */
  revision: whole(),
  endpoints: endpointsSchema,
  /** The switch that the sender hears and cannot link to. Nodes of before leave it out. */
  accuses: v.optional(nodeIdSchema),
  /** From a switch: the digest of its roster. Nodes of before leave it out. */
  roster: v.optional(base64url(ROSTER_BYTES)),
  /** The sender's clock, ms since the epoch: by it nodes learn whose clock is wrong. Nodes of before leave it out. */
  wall: v.optional(timeSchema),
  /** The sender has no room to keep messages. Its `rank` is 0 meanwhile, for nodes of before, which leave this out. */
  full: v.optional(v.boolean()),
});
export type Beat = v.InferOutput<typeof beatSchema>;
export type BeatRole = v.InferOutput<typeof beatRoleSchema>;

/** A beat as plain bytes (UTF-8 JSON), at most `MAX_BEAT_BYTES`: every field is bounded, so it always fits. */
export function encodeBeat(beat: Beat): Uint8Array {
  return Buffer.from(JSON.stringify(beat));
}

/** The beat in those bytes; undefined for anything else. Fields that are not known are left out. */
export function decodeBeat(bytes: Uint8Array): Beat | undefined {
  if (bytes.byteLength > MAX_BEAT_BYTES) return undefined;
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const parsed = v.safeParse(beatSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
