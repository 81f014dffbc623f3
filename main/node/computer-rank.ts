import { cpus, totalmem } from 'node:os';

const MAX_RANK = 999;

/**
 * How well this computer suits as the switch, 0 to 999, by processors and memory. The election decides between computers of one
 * rank.
 */
export function rankOfThisComputer(): number {
  const memoryGiB = totalmem() / 2 ** 30;
  return Math.min(MAX_RANK, cpus().length * 10 + Math.round(memoryGiB));
}
