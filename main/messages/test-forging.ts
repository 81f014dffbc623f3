import type { Fragment } from '../model/index.ts';
import { newFragments } from './test-people.ts';

/** Of a message of Ann's. */
export const FRAGMENTS = 150;

/** Who receives what Ann says has its key, and seals words of her own as these numbers. */
export const lies = (...numbers: number[]): Fragment[] => numbers.flatMap((n) => newFragments(1, n));
export const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
