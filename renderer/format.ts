import { locale } from './strings/index.ts';

/** Writes times, lengths and numbers in the panel's current language, unless a test names another. */

const DAY_MS = 86_400_000;

/** 83_400 → "1:23". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** A cached formatter: making one costs more than a hundred uses, and a list has a hundred rows. */
function formatter(tag: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${tag} ${name}`;
  const made = formatters.get(key) ?? new Intl.DateTimeFormat(tag, options);
  formatters.set(key, made);
  return made;
}

/** The time of day: "10:42". */
export function timeOfDay(at: number, tag = locale()): string {
  return formatter(tag, 'time', { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** Today the time; this week the day and the time; before that the date. */
export function when(at: number, now: number, tag = locale()): string {
  const time = timeOfDay(at, tag);
  if (isSameDay(new Date(at), new Date(now))) return time;
  if (now - at < 6 * DAY_MS) return `${formatter(tag, 'weekday', { weekday: 'short' }).format(at)} ${time}`;
  return `${formatter(tag, 'date', { day: 'numeric', month: 'short' }).format(at)} ${time}`;
}

/** A future time, which may be weeks away: "Sun, 6 Dec, 02:23". */
export function dayAndTime(at: number, tag = locale()): string {
  const options = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  } as const;
  return formatter(tag, 'day and time', options).format(at);
}

/** A day that may be years ago: "3 Nov", with the year where it is not this one's. */
export function dayOf(at: number, now = Date.now(), tag = locale()): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const options = { day: 'numeric', month: 'short' } as const;
  if (isThisYear) return formatter(tag, 'day', options).format(at);
  return formatter(tag, 'day and year', { ...options, year: 'numeric' }).format(at);
}

function isSameDay(a: Date, b: Date): boolean {
  return a.getDate() === b.getDate() && a.getMonth() === b.getMonth() && a.getFullYear() === b.getFullYear();
}

/** 2_147_483_648 → "2 GB": in steps of 1024, as the node counts the space for messages. */
export function bytes(count: number, tag = locale()): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, count)) / 10)));
  const value = count / 1024 ** power;
  return new Intl.NumberFormat(tag, {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && power > 1 ? 1 : 0,
  }).format(value);
}

/** 0.031 → "3.1 %": with a decimal where it is small. */
export function percent(share: number, tag = locale()): string {
  return new Intl.NumberFormat(tag, {
    style: 'percent',
    maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0,
  }).format(share);
}

/** 12.34 → "12 ms", 0.62 → "0.6 ms". */
export function milliseconds(ms: number, tag = locale()): string {
  return new Intl.NumberFormat(tag, {
    style: 'unit',
    unit: 'millisecond',
    unitDisplay: 'short',
    maximumFractionDigits: ms < 10 ? 1 : 0,
  }).format(ms);
}

const numbers = new Map<string, Intl.NumberFormat>();

/** 4821 → "4,821": at every key, of how many are found. */
export function number(value: number, tag = locale()): string {
  const format = numbers.get(tag) ?? new Intl.NumberFormat(tag);
  numbers.set(tag, format);
  return format.format(value);
}

/** "Dana, Lee and Sam". */
export function list(names: readonly string[], tag = locale()): string {
  return new Intl.ListFormat(tag, { type: 'conjunction' }).format(names);
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

/** The names of several people, briefly: "Bo, Kim". */
export function namesOf(people: readonly { readonly name: string }[]): string {
  return people.map(({ name }) => name).join(', ');
}
