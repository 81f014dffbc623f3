/** The nearest value that a sample of 16 bits can have. */
export function saturated(value: number): number {
  return value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : value;
}
