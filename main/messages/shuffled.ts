import type { Random } from '../model/index.ts';

/** The same in a random order. */
export function shuffled<T>(some: readonly T[], random: Random): readonly T[] {
  const drawn = some.map((one) => ({ one, at: random.fraction() }));
  return drawn.sort((a, b) => a.at - b.at).map(({ one }) => one);
}
