import { createHash } from 'node:crypto';
import * as v from 'valibot';
import {
  base64url,
  extensionSchema,
  fromBase64url,
  isP256Spki,
  isSignedBy,
  isTextWithin,
  MAX_STATEMENT_BYTES,
  nameSchema,
  nodeIdOf,
  nodeIdSchema,
  p256Spki,
  POINT_BYTES,
  readStatement,
  signedSchema,
  SPKI_BYTES,
  spkiOfPoint,
  statementIdSchema,
  timeSchema,
  type NodeId,
  type StatementId,
  type Signed,
} from '../../model/index.ts';
import { groupStatementSchema, type GroupStatement } from './group-statement.ts';

/*
 * The statements of an office's ledger. A statement is immutable and signed. Its id is the hash of its payload alone, since every ECDSA
 * signature has a second valid form. `after` names statements that its author had seen. An author can omit one that it has seen, but
 * cannot name one that did not exist yet, so `after` takes the place of a clock.
 */

/** The most statements that an `after` can name, and the most nodes that a removal can name. */
export const MAX_AFTER = 16;
export const MAX_REMOVED = 80;
const MAX_VALUE_BYTES = 256;

export { statementIdSchema, type StatementId };

/** The first 16 bytes of the charter's id, so that no second charter can exist for an office. */
export const officeIdSchema = v.pipe(base64url(16), v.brand('OfficeId'));
export type OfficeId = v.InferOutput<typeof officeIdSchema>;

/** A person's id is that of their first node. */
export type PersonId = NodeId;

export const point = base64url(POINT_BYTES);
const whoAdmitsSchema = v.picklist(['members', 'admins']);

/** A node's two public keys, signed by it. */
const cardSchema = v.object({
  v: v.literal(1),
  type: v.literal('card'),
  /** SubjectPublicKeyInfo of the signing key, 91 bytes. */
  signingKey: base64url(SPKI_BYTES),
  /** Uncompressed point, 65 bytes. */
  hpkeKey: point,
});

/** A verified card: its node, and its keys. */
export interface Card {
  readonly node: NodeId;
  readonly signingKey: Uint8Array;
  readonly hpkeKey: Uint8Array;
}

/**
 * When its author signed it by its own clock, ms since the epoch. For display alone: no rule reads it, and a malformed one is ignored, so
 * that every version counts the same statements.
 */
const signedAt = v.fallback(v.optional(timeSchema), undefined);

const charterSchema = v.object({
  v: v.literal(1),
  type: v.literal('charter'),
  by: nodeIdSchema,
  salt: base64url(16),
  card: signedSchema,
  name: nameSchema,
  admit: whoAdmitsSchema,
  /** The public key of the recovery code. */
  recovery: point,
  at: signedAt,
});

const common = {
  v: v.literal(1),
  by: nodeIdSchema,
  office: officeIdSchema,
  after: v.pipe(v.array(statementIdSchema), v.minLength(1), v.maxLength(MAX_AFTER)),
};
const ruleSchema = v.variant('type', [
  v.object({
    ...common,
    type: v.literal('admit'),
    card: signedSchema,
    person: nodeIdSchema,
    extension: v.optional(extensionSchema),
    invitation: v.optional(base64url(16)),
    at: signedAt,
  }),
  v.object({ ...common, type: v.literal('admin'), node: nodeIdSchema }),
  v.object({
    ...common,
    type: v.literal('remove'),
    nodes: v.pipe(v.array(nodeIdSchema), v.minLength(1), v.maxLength(MAX_REMOVED)),
    at: signedAt,
  }),
  v.object({ ...common, type: v.literal('restore'), removal: statementIdSchema }),
  v.object({
    ...common,
    type: v.literal('number'),
    person: nodeIdSchema,
    extension: extensionSchema,
    over: v.optional(statementIdSchema),
  }),
  v.object({
    ...common,
    type: v.literal('right'),
    person: nodeIdSchema,
    rights: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/))), v.maxLength(16)),
  }),
  v.object({
    ...common,
    type: v.literal('setting'),
    key: v.pipe(v.string(), v.regex(/^[a-z][a-z-]{0,31}$/)),
    value: v.pipe(v.string(), v.maxBytes(MAX_VALUE_BYTES)),
  }),
  v.object({ ...common, type: v.literal('recovery'), key: point }),
  v.object({ ...common, type: v.literal('first'), first: statementIdSchema, over: statementIdSchema }),
]);
/** The part that is read of a statement of a later version: its place in order and past. */
const laterSchema = v.object({ ...common, type: v.pipe(v.string(), v.notValue('charter')) });

export type Charter = v.InferOutput<typeof charterSchema>;
export type Rule = v.InferOutput<typeof ruleSchema>;
export type RuleType = Rule['type'];
export type RuleOf<T extends RuleType> = Extract<Rule, { type: T }>;
const RULE_TYPES: ReadonlySet<string> = new Set(
  ruleSchema.options.map(({ entries }) => entries.type.literal),
);

/**
 * A parsed statement. `later`: of a type that the first version did not know. It has no effect on membership; statements on groups are
 * parsed besides.
 */
export type Read =
  | { readonly kind: 'charter'; readonly charter: Charter; readonly card: Card }
  | { readonly kind: 'rule'; readonly rule: Rule; readonly card: Card | undefined }
  | {
      readonly kind: 'later';
      readonly by: NodeId;
      readonly after: readonly StatementId[];
      readonly group: GroupStatement | undefined;
    };

export function statementIdOf({ payload }: Signed): StatementId {
  return createHash('sha256').update(payload).digest().toString('base64url') as StatementId;
}

export function officeIdOf(charter: StatementId): OfficeId {
  return fromBase64url(charter).subarray(0, 16).toString('base64url') as OfficeId;
}

/**
 * Parses a statement of this office, or its charter; undefined where it is malformed, too long, or of another office. The signature is not
 * verified here, since the author's key is in the statement's past.
 */
export function readLedgerStatement(signed: Signed, office: OfficeId): Read | undefined {
  if (!isTextWithin(signed.payload, MAX_STATEMENT_BYTES)) return undefined;
  const charter = readStatement(signed, charterSchema);
  if (charter) {
    const card = officeIdOf(statementIdOf(signed)) === office ? readCard(charter.card) : undefined;
    const isSound = card?.node === charter.by && spkiOfPoint(fromBase64url(charter.recovery)) !== undefined;
    return card && isSound ? { kind: 'charter', charter, card } : undefined;
  }
  const later = readStatement(signed, laterSchema);
  if (later?.office !== office || new Set(later.after).size !== later.after.length) return undefined;
  if (!RULE_TYPES.has(later.type)) {
    const { by, after } = later;
    return { kind: 'later', by, after, group: readStatement(signed, groupStatementSchema) };
  }
  const rule = readStatement(signed, ruleSchema);
  if (!rule) return undefined;
  if (rule.type === 'recovery' && !spkiOfPoint(fromBase64url(rule.key))) return undefined;
  if (rule.type !== 'admit') return { kind: 'rule', rule, card: undefined };
  const card = readCard(rule.card);
  return card && { kind: 'rule', rule, card };
}

/** Reads a card. Undefined where a key is no point of P-256, or its node did not sign it. */
export function readCard(signed: Signed): Card | undefined {
  if (!isTextWithin(signed.payload, MAX_STATEMENT_BYTES)) return undefined;
  const card = readStatement(signed, cardSchema);
  if (!card) return undefined;
  const signingKey = fromBase64url(card.signingKey);
  const hpkeKey = fromBase64url(card.hpkeKey);
  if (!isP256Spki(signingKey) || !spkiOfPoint(hpkeKey)) return undefined;
  return isSignedBy(signed, signingKey) ? { node: nodeIdOf(signingKey), signingKey, hpkeKey } : undefined;
}

/** The computers that it removes; none: it is no removal. The signature is not verified here. */
export function nodesRemovedBy(signed: Signed): readonly NodeId[] {
  const rule = readStatement(signed, ruleSchema);
  return rule?.type === 'remove' ? rule.nodes : [];
}

export function authorOf(read: Read): NodeId {
  if (read.kind === 'charter') return read.charter.by;
  return read.kind === 'rule' ? read.rule.by : read.by;
}

/** The statements that it names in `after`; the charter names none. */
export function afterOf(read: Read): readonly StatementId[] {
  if (read.kind === 'charter') return [];
  return read.kind === 'rule' ? read.rule.after : read.after;
}

/** The id under which the key of a recovery code signs. */
export function recoveryNode(point: string): NodeId {
  return nodeIdOf(p256Spki(fromBase64url(point)));
}
