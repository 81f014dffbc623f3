import * as v from 'valibot';
import type { NodeId } from './ids.ts';
import { nameSchema } from './names.ts';
import { statementIdSchema, type StatementId } from './statement-id.ts';

/** A group of people, as the office's ledger defines it. */
export interface KnownGroup {
  readonly id: StatementId;
  readonly name: string;
  /** undefined: another party has the number that was chosen for it. */
  readonly extension: string | undefined;
  /** Its members who are in the office. */
  readonly people: readonly NodeId[];
  readonly talk: 'everybody' | 'members';
  readonly change: 'creator' | 'members';
  readonly creator: NodeId;
}

/** The group that a message was sent to: its id, and its name at that time. */
export const groupNamedSchema = v.object({ id: statementIdSchema, name: nameSchema });
export type GroupNamed = v.InferOutput<typeof groupNamedSchema>;
