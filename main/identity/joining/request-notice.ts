import * as v from 'valibot';
import { isSignedBy, nodeIdSchema, readStatement, type NodeId, type Signed } from '../../model/index.ts';
import type { Identity } from '../identity.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { officeIdSchema, statementIdOf, statementIdSchema, type StatementId } from '../ledger/statement.ts';
import { addressSchema, placeSchema, type Place } from './frames.ts';

/*
 * Notices of requests to be let in, which members' nodes send each other, and their answers. The switch passes them on, so their authors
 * sign them: nobody can announce or answer in another’s name. An answer names its notice, so that it answers no later request.
 */

const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const noticeSchema = v.object({
  v: v.literal(1),
  type: v.literal('told'),
  by: nodeIdSchema,
  office: officeIdSchema,
  /** The number of the author’s start, and a count since then: a later notice has a higher pair. */
  boot: countSchema,
  count: countSchema,
  /** The node that asks, and its IP address. */
  node: nodeIdSchema,
  address: addressSchema,
});
const answerSchema = v.object({
  v: v.literal(1),
  type: v.literal('answer'),
  by: nodeIdSchema,
  office: officeIdSchema,
  /** The notice that it answers. */
  told: statementIdSchema,
  node: nodeIdSchema,
  /** Where the author’s person compares. If neither this nor `isGone` is set, that person declined. */
  place: v.optional(placeSchema),
  /** The asking node has gone. Only the author of the notice may say so. */
  isGone: v.optional(v.boolean()),
});

export type RequestNotice = v.InferOutput<typeof noticeSchema> & { readonly id: StatementId };
type RequestAnswer = v.InferOutput<typeof answerSchema>;

type Signer = Pick<Identity, 'nodeId' | 'sign'>;

export function signRequestNotice(
  by: Signer,
  ledger: Ledger,
  what: Pick<RequestNotice, 'boot' | 'count' | 'node' | 'address'>,
): Signed {
  return by.sign({ v: 1, type: 'told', by: by.nodeId, office: ledger.office, ...what });
}

export function signRequestAnswer(
  by: Signer,
  ledger: Ledger,
  what: { readonly told: StatementId; readonly node: NodeId; readonly place?: Place; readonly isGone?: true },
): Signed {
  return by.sign({ v: 1, type: 'answer', by: by.nodeId, office: ledger.office, ...what });
}

/** Undefined where no member of this office signed it. */
export function readRequestNotice(signed: Signed, ledger: Ledger): RequestNotice | undefined {
  const notice = readStatement(signed, noticeSchema);
  return notice && isOfMember(signed, notice, ledger) ? { ...notice, id: statementIdOf(signed) } : undefined;
}

/** Undefined where no member of this office signed it. */
export function readRequestAnswer(signed: Signed, ledger: Ledger): RequestAnswer | undefined {
  const answer = readStatement(signed, answerSchema);
  return answer && isOfMember(signed, answer, ledger) ? answer : undefined;
}

function isOfMember(
  signed: Signed,
  { by, office }: Pick<RequestNotice, 'by' | 'office'>,
  ledger: Ledger,
): boolean {
  const member = ledger.standing.members.get(by);
  return office === ledger.office && member !== undefined && isSignedBy(signed, member.card.signingKey);
}
