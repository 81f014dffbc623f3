import * as v from 'valibot';
import { MAX_TYPED } from '../main/model/numbers.ts';

/** A node's, a person's or a message's id: 128 or more bits, base64url. */
export const idText = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/, 'not an id'));

/** What is dialled, as it was typed. */
export const dialText = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TYPED));
