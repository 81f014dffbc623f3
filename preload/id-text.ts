import * as v from 'valibot';
import { MAX_TYPED } from '../main/model/numbers.ts';

/** The id of a node, person, message or call: 128 bits, base64url. */
export const idText = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/, 'not an id'));

/** The id of a group, which is that of its founding statement: 256 bits, base64url. */
export const groupIdText = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'not an id'));

/** What is dialled, as it was typed. */
export const dialText = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TYPED));
