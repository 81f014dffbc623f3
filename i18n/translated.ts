/** The shape of an English table for another language: the same names, the same parameters, any text. */
export type Translated<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => infer R
      ? (...args: A) => R extends string ? string : R
      : Translated<T[K]>;
};
