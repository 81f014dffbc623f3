/** The first ones, as many as `most`, or all where there are fewer. No more are taken. */
export function firstOf<T>(some: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  if (most <= 0) return first;
  for (const one of some) if (first.push(one) >= most) break;
  return first;
}
