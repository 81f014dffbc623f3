import type { Measured } from './main.ts';

/** The value below which that share (0..1) of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function measured(name: string, unit: string, values: readonly number[], goal: string): Measured {
  return { name, unit, median: quantile(values, 0.5), p95: quantile(values, 0.95), goal };
}
