/** The mean of the confidences that are known, 0 to 1; null: none is. */
export function meanOf(confidences: readonly (number | null)[]): number | null {
  const known = confidences.filter((one) => one !== null);
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
}
