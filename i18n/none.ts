/** No details: the sentence is always the same. */
export type None = Readonly<Record<string, never>>;
