import * as v from 'valibot';
import { extensionSchema, nameSchema, nodeIdSchema, statementIdSchema } from '../../model/index.ts';

/*
 * What is signed about groups. Versions without groups read these as statements of a later type: they have their place in order and
 * past, count against the same limit (`Limits.laters`), and say nothing on who is a member. So all versions hold and count the same.
 */

/** How many people one statement can name: what is left of its 4 KiB beside 16 ids in `after` and a long name. */
export const MAX_PEOPLE_NAMED = 64;

/** Who may talk to a group, and who may change it besides its creator and the admins. */
const talkSchema = v.picklist(['everybody', 'members']);
const changeSchema = v.picklist(['creator', 'members']);
export type WhoMayTalk = v.InferOutput<typeof talkSchema>;
export type WhoMayChange = v.InferOutput<typeof changeSchema>;

const people = v.pipe(v.array(nodeIdSchema), v.maxLength(MAX_PEOPLE_NAMED));
const somebody = v.pipe(people, v.minLength(1));
const group = statementIdSchema;

/** What a statement on a group says besides what every statement says. A group is named by the statement that made it. */
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
/** A statement that changes a group which is there. */
export type GroupChange = Exclude<GroupStatement, { readonly type: 'group' }>;
