import { measureStoreGrowth } from '../../main/store/growth.bench.ts';
import type { Measured } from './main.ts';

/** What one more message costs with 1,000 and with 5,000 kept: the slope, not one number. */
export async function measureStore(): Promise<Measured[]> {
  const results: Measured[] = [];
  for (const messages of [1000, 5000]) {
    const { addMedianMs, addP95Ms, listMedianMs, listP95Ms } = await measureStoreGrowth(messages);
    results.push({
      name: `one-more-of-${messages}`,
      unit: 'ms',
      median: addMedianMs,
      p95: addP95Ms,
      goal: 'does not grow',
    });
    results.push({
      name: `list-${messages}`,
      unit: 'ms',
      median: listMedianMs,
      p95: listP95Ms,
      goal: '≤ 30 ms for 2,000',
    });
  }
  return results;
}
