/** How times and lengths are written. `locale` is the system's unless a test says otherwise. */

const DAY_MS = 86_400_000;

/** 83_400 → "1:23". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** The time of day: "10:42". */
export function timeOfDay(at: number, locale?: string): string {
  return new Date(at).toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' });
}

/** Today the time; this week the day and the time; before that the date. */
export function when(at: number, now: number, locale?: string): string {
  const then = new Date(at);
  const time = timeOfDay(at, locale);
  if (then.toDateString() === new Date(now).toDateString()) return time;
  if (now - at < 6 * DAY_MS) return `${then.toLocaleDateString(locale, { weekday: 'short' })} ${time}`;
  return `${then.toLocaleDateString(locale, { day: 'numeric', month: 'short' })} ${time}`;
}

/** Up to two letters: "Dana Ruiz" → "DR", "Ana" → "A". */
export function initials(name: string): string {
  const words = name.split(/[\s.\-_]+/u).filter((word) => word !== '');
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => firstLetter(word ?? '').toLocaleUpperCase()).join('');
}

/** A letter can be more than one unit of the text: 😀 is two. */
function firstLetter(word: string): string {
  const code = word.codePointAt(0);
  return code === undefined ? '' : String.fromCodePoint(code);
}
