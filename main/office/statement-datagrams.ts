import * as v from 'valibot';
import { MAX_BODY_BYTES } from '../identity/index.ts';
import { signedHeaderSchema, signedSchema, type NodeId, type Signed } from '../model/index.ts';
import { HASHES, HEADER } from './freshness.ts';

/** Statements on a message that is being spoken, beside its fragments. They come over links, too. */
export interface StatementDatagrams {
  header: { readonly from: NodeId; readonly header: Signed };
  hashes: { readonly from: NodeId; readonly hashes: Signed };
}

const SCHEMAS = { [HEADER]: signedHeaderSchema, [HASHES]: signedSchema } as const;
export type StatementKind = keyof typeof SCHEMAS;

export function isStatementKind(kind: number): kind is StatementKind {
  return kind in SCHEMAS;
}

/** The body of a datagram; undefined where the statement is too large for one. */
export function bodyOf(statement: Signed): Buffer | undefined {
  const body = Buffer.from(JSON.stringify(statement));
  return body.length > MAX_BODY_BYTES ? undefined : body;
}

/** The statement in a body; undefined where there is none. */
export function statementIn(kind: StatementKind, body: Uint8Array): Signed | undefined {
  try {
    const parsed = v.safeParse(SCHEMAS[kind], JSON.parse(Buffer.from(body).toString('utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
