import type { MutantName } from './mutants.ts';

/** For each defect a seed that finds it; none is known of those that are left out. */
export const FINDS: Readonly<Partial<Record<MutantName, number>>> = {
  'a file is never synced': 0,
  'the names in a folder are never synced': 0,
  'that it was heard is told before the disk has it': 1,
  'of a range that is missing the last one is never asked for': 1,
  'a message is only asked for where it was asked for first': 1,
  'the first message is left out where two stores are merged': 1,
  'each link is told another end of a message': 0,
  'a receipt is told once, and never again': 9,
  'the statements of the ledger are told to nobody': 0,
  'a switch never yields to another one': 0,
};
