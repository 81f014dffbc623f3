import * as v from 'valibot';
import { MAX_BODY_BYTES } from '../identity/index.ts';
import {
  callSignalSchema,
  pickUpSchema,
  keyedHeaderSchema,
  signedSchema,
  type CallSignal,
  type Emitter,
  type NodeId,
  type PickUp,
  type Signed,
} from '../model/index.ts';
import { CALL_SIGNAL, HASHES, HEADER, PICK_UP } from './freshness.ts';

/**
 * Statements that go by datagram: on a message that is being spoken (they go over links, too), and call signals. A call signal carries no
 * signature: the seal of its datagram proves its sender, and no node passes it on.
 */
export interface StatementDatagrams {
  header: { readonly from: NodeId; readonly header: Signed };
  hashes: { readonly from: NodeId; readonly hashes: Signed };
  call: { readonly from: NodeId; readonly signal: CallSignal };
  pickUp: { readonly from: NodeId; readonly word: PickUp };
}

const SCHEMAS = {
  [HEADER]: keyedHeaderSchema,
  [HASHES]: signedSchema,
  [CALL_SIGNAL]: callSignalSchema,
  [PICK_UP]: pickUpSchema,
} as const;
export type StatementKind = keyof typeof SCHEMAS;
type StatementOf<K extends StatementKind> = v.InferOutput<(typeof SCHEMAS)[K]>;

export function isStatementKind(kind: number): kind is StatementKind {
  return kind in SCHEMAS;
}

/** The body of a datagram; undefined where the statement is too large for one. */
export function bodyOf(statement: Signed | CallSignal | PickUp): Buffer | undefined {
  const body = Buffer.from(JSON.stringify(statement));
  return body.length > MAX_BODY_BYTES ? undefined : body;
}

/** Emits the statement of that kind that `from` sent. False: the body holds none. */
export function tellStatement(
  events: Pick<Emitter<StatementDatagrams>, 'emit'>,
  kind: StatementKind,
  from: NodeId,
  body: Uint8Array,
): boolean {
  const header = kind === HEADER && statementIn(kind, body);
  const hashes = kind === HASHES && statementIn(kind, body);
  const signal = kind === CALL_SIGNAL && statementIn(kind, body);
  const word = kind === PICK_UP && statementIn(kind, body);
  if (word) events.emit('pickUp', { from, word });
  if (header) events.emit('header', { from, header });
  if (hashes) events.emit('hashes', { from, hashes });
  if (signal) events.emit('call', { from, signal });
  return Boolean(header || hashes || signal || word);
}

/** The statement in a body; undefined where there is none. */
function statementIn<K extends StatementKind>(kind: K, body: Uint8Array): StatementOf<K> | undefined {
  try {
    const parsed = v.safeParse(SCHEMAS[kind], JSON.parse(Buffer.from(body).toString('utf8')));
    // The compiler does not see that the schema of a kind yields that kind's statement.
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
