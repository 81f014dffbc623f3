import * as v from 'valibot';
import {
  MAX_STATEMENT_BYTES,
  base64url,
  extensionSchema,
  nodeIdSchema,
  portSchema,
} from '../../model/index.ts';
import type { JoinRefusal } from '../../../i18n/index.ts';
import { MAX_REMOVED, officeIdSchema, point } from '../ledger/statement.ts';
import { OFFICE_TAG_BYTES } from './office-proof.ts';

/*
 * The frames between a newcomer and members until it is a member itself. Nodes of several versions exchange them, so types, fields and
 * reasons are only ever added.
 */

export const NONCE_BYTES = 16;
/** A frame of a welcome has at most this many statements, and about `WELCOME_FRAME_BYTES` bytes. */
export const MAX_WELCOME_STATEMENTS = 64;
export const WELCOME_FRAME_BYTES = 128 * 1024;
/** A refusal names at most this many nodes that may admit. */
export const MAX_ADDRESSES = 3;
const MAX_LINK_CHARACTERS = 100;

/** A statement as an outsider may send it: short. */
export const smallSignedSchema = v.object({
  payload: v.pipe(v.string(), v.maxBytes(MAX_STATEMENT_BYTES)),
  signature: base64url(64),
});

export const addressSchema = v.pipe(v.string(), v.maxLength(45), v.ip());
/** The address at which a node accepts control links. */
export const placeSchema = v.object({ address: addressSchema, port: portSchema });
export type Place = v.InferOutput<typeof placeSchema>;

/** The reasons of refusals. A reason of a later version reads 'other'. The type makes the list complete. */
const REFUSALS: Readonly<Record<JoinRefusal, true>> = {
  'bad-card': true,
  'bad-proof': true,
  'other-office': true,
  'cannot-admit': true,
  'unknown-invitation': true,
  'maker-out': true,
  withdrawn: true,
  over: true,
  'used-up': true,
  'removal-since': true,
  behind: true,
  removed: true,
  full: true,
  busy: true,
  closed: true,
  muted: true,
  'asked-already': true,
  declined: true,
  other: true,
};
const isRefusal = (why: unknown): why is JoinRefusal =>
  typeof why === 'string' && Object.hasOwn(REFUSALS, why);
const refusalSchema = v.fallback(v.custom<JoinRefusal>(isRefusal), 'other');

const askSchema = v.object({
  type: v.literal('ask'),
  tag: base64url(OFFICE_TAG_BYTES),
  card: smallSignedSchema,
});
/** Where to compare; no place: on this link. */
const goSchema = v.object({ type: v.literal('go'), place: v.optional(placeSchema) });
const beginSchema = v.object({
  type: v.literal('begin'),
  tag: base64url(OFFICE_TAG_BYTES),
  card: smallSignedSchema,
  commit: base64url(32),
  /** The number that the person would like; another where it is taken. */
  extension: v.optional(extensionSchema),
});
const nonceSchema = v.object({
  type: v.literal('nonce'),
  card: smallSignedSchema,
  nonce: base64url(NONCE_BYTES),
});
const revealSchema = v.object({ type: v.literal('reveal'), nonce: base64url(NONCE_BYTES) });
const agreeSchema = v.object({ type: v.literal('agree') });
const redeemSchema = v.object({
  type: v.literal('redeem'),
  card: smallSignedSchema,
  /** The public key of the invitation. */
  key: point,
  /** The number that the person would like; another where it is taken. */
  extension: v.optional(extensionSchema),
  proof: base64url(64),
});
/** The office's statements in order, in one or several frames. `invitation`: with the first frame, where one was redeemed. */
const welcomeSchema = v.object({
  type: v.literal('welcome'),
  statements: v.pipe(v.array(smallSignedSchema), v.maxLength(MAX_WELCOME_STATEMENTS)),
  invitation: v.optional(smallSignedSchema),
  isLast: v.boolean(),
});
const refusedSchema = v.object({
  type: v.literal('refused'),
  why: refusalSchema,
  addresses: v.pipe(v.array(placeSchema), v.maxLength(MAX_ADDRESSES)),
});
/** Between members: an outsider asks to be let in, and waits `leftMs` more. `told`: the signed notice of the node that took the request. */
const askedSchema = v.object({
  type: v.literal('asked'),
  told: smallSignedSchema,
  leftMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});
/** Between members: the signed answer to such a notice. */
const answeredSchema = v.object({ type: v.literal('answered'), answer: smallSignedSchema });
/** Between members: the sender has founded the office anew, without these computers. */
export const moveSchema = v.object({
  type: v.literal('move'),
  link: v.pipe(v.string(), v.maxLength(MAX_LINK_CHARACTERS), v.regex(/^corridor:\/\/join\/[\w-]+$/)),
  without: v.pipe(v.array(nodeIdSchema), v.maxLength(MAX_REMOVED)),
});

/** The reply: whether the person is asked about that office, or was before. */
const moveHeardSchema = v.object({
  type: v.literal('move-heard'),
  office: officeIdSchema,
  isAsked: v.boolean(),
});

/** The schemas by the type of the frame. */
export const joiningFrameSchemas = {
  ask: askSchema,
  go: goSchema,
  begin: beginSchema,
  nonce: nonceSchema,
  reveal: revealSchema,
  agree: agreeSchema,
  redeem: redeemSchema,
  welcome: welcomeSchema,
  refused: refusedSchema,
  asked: askedSchema,
  answered: answeredSchema,
  move: moveSchema,
  'move-heard': moveHeardSchema,
} as const;

type Schemas = typeof joiningFrameSchemas;
export type JoiningFrameType = keyof Schemas;
export type JoiningFrameOf<T extends JoiningFrameType> = v.InferOutput<Schemas[T]>;
export type JoiningFrame = { [T in JoiningFrameType]: JoiningFrameOf<T> }[JoiningFrameType];
