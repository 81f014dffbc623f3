import type { SeatFact } from './seat-sources.ts';

/** Reads what the program `gdbus` prints: replies and signals, in GVariant’s text format. Pure. */

/** Whether a monitored name has an owner now; undefined: the line is about something else. */
export function ownershipIn(line: string): boolean | undefined {
  if (/^The name \S+ is owned by /.test(line)) return true;
  return /^The name \S+ does not have an owner/.test(line) ? false : undefined;
}

/** The fact in a signal: `/path: interface.Member (arguments)`. */
export function factIn(line: string, now: number): SeatFact | undefined {
  const [, signal = '', args = ''] = /^\/\S*: (\S+) \((.*)\)$/.exec(line) ?? [];
  switch (signal) {
    case 'org.freedesktop.ScreenSaver.ActiveChanged':
      return { of: 'screen-saver', isActive: args.startsWith('true') };
    case 'org.freedesktop.login1.Session.Lock':
      return { of: 'session-asked', isLocked: true, at: now };
    case 'org.freedesktop.login1.Session.Unlock':
      return { of: 'session-asked', isLocked: false, at: now };
    case 'org.freedesktop.DBus.Properties.PropertiesChanged':
      return hintsIn(args);
    default:
      return undefined;
  }
}

/** The hints among the properties of logind's session. */
export function hintsIn(text: string): SeatFact | undefined {
  const isLocked = hint('LockedHint', text);
  const isIdle = hint('IdleHint', text);
  if (isLocked === undefined && isIdle === undefined) return undefined;
  return {
    of: 'session',
    ...(isLocked === undefined ? {} : { isLocked }),
    ...(isIdle === undefined ? {} : { isIdle }),
  };
}

/** The path of a session in a reply. */
export function sessionPathIn(reply: string): string | undefined {
  return /'(\/org\/freedesktop\/login1\/session\/[A-Za-z0-9_]{1,64})'/.exec(reply)?.[1];
}

/** `(true,)` */
export function booleanIn(reply: string): boolean | undefined {
  const [, value] = /^\((true|false),\)/.exec(reply) ?? [];
  return value === undefined ? undefined : value === 'true';
}

/** `(uint64 123456,)` */
export function numberIn(reply: string): number | undefined {
  const [, digits] = /^\(uint64 ([0-9]{1,15}),\)/.exec(reply) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function hint(name: 'LockedHint' | 'IdleHint', text: string): boolean | undefined {
  const [, value] = new RegExp(`'${name}': <(true|false)>`).exec(text) ?? [];
  return value === undefined ? undefined : value === 'true';
}
