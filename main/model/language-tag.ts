import * as v from 'valibot';

/** A language tag (BCP 47), such as `de` or `pt-BR`. */
export const languageSchema = v.pipe(
  v.string(),
  v.maxLength(35),
  v.regex(/^[a-z]{2,3}(?:-[A-Za-z\d]{2,8})*$/),
);
