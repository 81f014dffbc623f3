import * as v from 'valibot';

/** A letter, a sign or a picture: what can be seen without something else. */
const VISIBLE = /(?!\s)[^\p{Default_Ignorable_Code_Point}\p{M}]/u;

/**
 * A name of a person, a group, an office or a computer, the same at every door. The joiners U+200C and U+200D are allowed: Persian and
 * pictures of several people need them. No other invisible character is, and none that turns the line around.
 */
export const nameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'A name is needed.'),
  v.maxLength(64, 'A name has at most 64 characters.'),
  v.regex(/^(?:[^\p{Cc}\p{Cf}\p{Cs}]|\u200c|\u200d)*$/u, 'A name cannot contain control characters.'),
  v.regex(VISIBLE, 'A name is needed.'),
);
