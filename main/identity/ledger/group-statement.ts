import * as v from 'valibot';
import { extensionSchema, nameSchema, nodeIdSchema, statementIdSchema } from '../../model/index.ts';

/*
 * Statements on groups. Versions without groups read them as statements of a later type: they have a place in order and past, count
 * against the same limit (`Limits.laters`), and do not affect membership. So all versions hold and count the same statements.
 */

/** The most people whom one statement can name: they fit into 4 KiB beside 16 ids in `after` and a long name. */
export const MAX_PEOPLE_NAMED = 64;

/** Who may talk to a group, and who may change it besides its creator and the admins. */
const talkSchema = v.picklist(['everybody', 'members']);
const changeSchema = v.picklist(['creator', 'members']);
export type WhoMayTalk = v.InferOutput<typeof talkSchema>;
export type WhoMayChange = v.InferOutput<typeof changeSchema>;

const people = v.pipe(v.array(nodeIdSchema), v.maxLength(MAX_PEOPLE_NAMED));
const somebody = v.pipe(people, v.minLength(1));
const group = statementIdSchema;

/** The fields of a statement on a group, without those that all statements have. A group's id is that of its founding statement. */
export const groupStatementSchema = v.variant('type', [
  v.object({
    type: v.literal('group'),
    name: nameSchema,
    extension: extensionSchema,
    talk: talkSchema,
    change: changeSchema,
    people,
  }),
  v.object({ type: v.literal('group-name'), group, name: nameSchema }),
  v.object({ type: v.literal('group-number'), group, extension: extensionSchema }),
  v.object({
    type: v.literal('group-rights'),
    group,
    talk: v.optional(talkSchema),
    change: v.optional(changeSchema),
  }),
  v.object({ type: v.literal('group-in'), group, people: somebody }),
  v.object({ type: v.literal('group-out'), group, people: somebody }),
  v.object({ type: v.literal('group-end'), group }),
]);
export type GroupStatement = v.InferOutput<typeof groupStatementSchema>;
/** A statement that changes an existing group. */
export type GroupChange = Exclude<GroupStatement, { readonly type: 'group' }>;
