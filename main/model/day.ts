/** A number below a hundred with two digits: `09`. */
export function twoDigits(part: number): string {
  return String(part).padStart(2, '0');
}

/** The day by this computer's clock, such as `2026-03-09`. */
export function dayText(at: number): string {
  const time = new Date(at);
  return [time.getFullYear(), twoDigits(time.getMonth() + 1), twoDigits(time.getDate())].join('-');
}
