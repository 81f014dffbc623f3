import * as v from 'valibot';
import { base64url } from './bytes.ts';

/** The id of a statement of an office's ledger: SHA-256 of its payload. */
export const statementIdSchema = v.pipe(base64url(32), v.brand('StatementId'));
export type StatementId = v.InferOutput<typeof statementIdSchema>;

/** The most ids, and the most statements, that one frame between two nodes carries. */
export const MAX_IDS_IN_FRAME = 2048;
export const MAX_STATEMENTS_IN_FRAME = 64;
