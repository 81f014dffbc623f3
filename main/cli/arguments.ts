import { InvalidArgumentError } from 'commander';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { checkArguments, type Arguments, type MethodName, type SettingName } from '../../preload/api.ts';
import { defaultProfile } from '../transports/index.ts';
import { readValue } from './setting-values.ts';

/** The arguments of the command line, checked where they enter. Where a method of the API takes the argument, its schema is used. */

const MAX_TALK_SECONDS = 600;

export function checkProfile(text: string | undefined): string {
  if (text === undefined) return defaultProfile();
  if (text.trim() === '' || text.includes('\0'))
    throw new InvalidArgumentError('It must be the path of a folder.');
  return resolve(text);
}

export function checkName(text: string): string {
  const name = text.trim();
  return passes('setup', { name, extension: '101' }, name);
}

/** Reads an extension into digits. */
export function checkExtension(text: string): string {
  const result = checkArguments('setup', { name: 'x', extension: text });
  if (!result.ok) throw refused(result.error);
  return result.args.extension ?? text;
}

/** Reads several extensions, with commas between them, into digits. */
export function checkExtensions(text: string): readonly string[] {
  return text.split(',').map((each) => checkExtension(each.trim()));
}

export function checkGroupName(text: string): string {
  const name = text.trim();
  return passes('makeGroup', { name }, name);
}

export function checkOffice(text: string): string {
  return passes('setup', { name: 'x', extension: '101', office: text }, text);
}

/** Reads a whole number within the bounds of days or uses. */
export function checkInvite(name: 'days' | 'uses'): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,4}$/.test(text) ? Number(text) : NaN;
    passes('invite', { [name]: value }, text);
    return value;
  };
}

/** Reads for how many days the office keeps heard messages. */
export function checkKeepDays(text: string): number {
  const value = /^[0-9]{1,4}$/.test(text) ? Number(text) : NaN;
  passes('setOffice', { keepDays: value }, text);
  return value;
}

/** Reads an office's tag, as people compare it. */
export function checkTag(text: string): string {
  const result = checkArguments('askToJoin', { tag: text, name: 'x' });
  if (!result.ok) throw refused(result.error);
  return result.args.tag;
}

/** Reads the id of a request or of a person. */
export function checkRequest(text: string): string {
  if (!checkArguments('compareRequest', { id: text }).ok)
    throw new InvalidArgumentError(
      'It must be an id, as `corridor requests` or `corridor members --json` prints it.',
    );
  return text;
}

export function checkDial(text: string): string {
  return passes('talkPress', { dial: text }, text);
}

/** Reads how many messages to list. */
export function checkCount(text: string): number {
  const count = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (count === 0) throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
  return count;
}

/** Reads the place of a sentence at hand. */
export function checkPreset(text: string): number {
  const preset = /^[0-9]$/.test(text) ? Number(text) : NaN;
  if (!checkArguments('talkText', { preset }).ok)
    throw new InvalidArgumentError('It must be the place of a sentence at hand, from 1 to 9.');
  return preset;
}

/** Reads a message's number into digits, its id, or `next`. */
export function checkWhich(text: string): string {
  const result = checkArguments('play', { which: text });
  if (!result.ok)
    throw new InvalidArgumentError('It must be a message’s number such as 4821, its id, or next.');
  return result.args.which;
}

/** As `checkWhich`, or `all`. */
export function checkPlayed(text: string): string {
  return text === 'all' ? text : checkWhich(text);
}

/** Reads an id. It cannot be a number, since a deleted message is in no list. */
export function checkId(text: string): string {
  if (!checkArguments('restoreMessage', { id: text }).ok)
    throw new InvalidArgumentError('It must be a message’s id, as `corridor delete` printed it.');
  return text;
}

export function checkCall(text: string): string {
  if (!checkArguments('controlCall', { action: 'answer', id: text }).ok)
    throw new InvalidArgumentError('It must be a call’s id, as `corridor status --json` prints it.');
  return text;
}

export function checkRemoval(text: string): string {
  if (!checkArguments('takeBack', { removal: text }).ok)
    throw new InvalidArgumentError('It must be a removal’s id, as `corridor members` shows it.');
  return text;
}

export function checkSpeed(text: string): number {
  const speed = /^[0-9](\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!checkArguments('play', { which: 'next', speed }).ok)
    throw new InvalidArgumentError('It must be a number from 0.5 to 2.5, such as 1.5.');
  return speed;
}

/** Percent. */
export function checkVolume(text: string): number {
  const percent = /^[0-9]{1,3}%?$/.test(text) ? Number(text.replace('%', '')) : Number.NaN;
  const result = checkArguments('setVolume', { person: 'A'.repeat(22), percent });
  if (!result.ok) throw new InvalidArgumentError('It must be a whole number of percent from 10 to 200.');
  return result.args.percent;
}

export function checkPresence(text: string): Arguments<'setPresence'>['presence'] {
  const result = checkArguments('setPresence', { presence: text });
  if (!result.ok) throw new InvalidArgumentError('It must be available, busy, dnd or away.');
  return result.args.presence;
}

/** The events of the API's `computer` that are a person's doing; a node notices the others by itself. */
const BY_A_PERSON = [
  'lock',
  'unlock',
  'idle',
  'active',
] as const satisfies readonly Arguments<'computer'>['event'][];

export function checkComputer(text: string): (typeof BY_A_PERSON)[number] {
  const event = BY_A_PERSON.find((one) => one === text);
  if (event === undefined) throw new InvalidArgumentError('It must be lock, unlock, idle or active.');
  return event;
}

/** Reads a string to dial or look up: anything that the API takes. */
export function checkDialled(text: string): string {
  return passes('dial', { dial: text }, text);
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000 };
const MAX_HOURS = 24 * 31;

/** The time that is `30m` or `1h` from now, ms since the epoch; `tomorrow` is left to the node. */
export function checkUntil(text: string): number | 'tomorrow' {
  if (text === 'tomorrow') return text;
  const [, count = '', unit = ''] = /^([0-9]{1,5})([mh])$/.exec(text) ?? [];
  const ms = Number(count) * (UNIT_MS[unit] ?? 0);
  if (!(ms > 0 && ms <= MAX_HOURS * 3_600_000)) {
    throw new InvalidArgumentError('It must be a time such as 30m or 1h, or tomorrow.');
  }
  return Date.now() + ms;
}

/** Checks the value of a setting, and returns it as text, from which it is read again where it is used. */
export function checkSetting(name: SettingName): (text: string) => string {
  return (text) => {
    readValue(name, text);
    return text;
  };
}

export function checkAddress(text: string): string {
  if (!/^[A-Za-z0-9_.:%[\]-]+$/.test(text))
    throw new InvalidArgumentError('It must be a host name or an IP address.');
  return passes('addAddress', { address: text }, text);
}

export function checkInterface(text: string): string {
  if (isIP(text) === 0 && !/^[\p{L}\p{N}_.:@ ()#-]{1,64}$/u.test(text)) {
    throw new InvalidArgumentError('It must be an IP address of this computer, or an interface’s name.');
  }
  return text;
}

/** Seconds, 0.1 to 600. */
export function checkSeconds(text: string): number {
  const seconds = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= 0.1 && seconds <= MAX_TALK_SECONDS)) {
    throw new InvalidArgumentError(`It must be a number of seconds from 0.1 to ${MAX_TALK_SECONDS}.`);
  }
  return seconds;
}

/** 1024 to 65535, or 0 for any that is free. */
export function checkPort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port !== 0 && !(port >= 1024 && port <= 65_535)) {
    throw new InvalidArgumentError('It must be a port number from 1024 to 65535.');
  }
  return port;
}

/** Reads an extension into digits, or `off`. */
export function checkDiverted(text: string): string {
  return text === 'off' ? text : checkExtension(text);
}

/** An option that may be given more than once. */
export function collect<T>(
  check: (text: string) => T,
): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, check(text)];
}

function passes<M extends MethodName>(method: M, args: Arguments<M>, text: string): string {
  const result = checkArguments(method, args);
  if (!result.ok) throw refused(result.error);
  return text;
}

function refused(error: string): InvalidArgumentError {
  return new InvalidArgumentError(error.replace(/^\w+: /, ''));
}
