import { InvalidArgumentError } from 'commander';
import { checkArguments, languageChoice, type Arguments, type Settings } from '../../preload/api.ts';

type Given = Arguments<'setSettings'>;
type Name = keyof Given;

/** How a setting is written on the command line, and what it is to the node. Undefined: not understood. */
interface Form {
  readonly read: (text: string) => unknown;
  readonly expects: string;
}

const onOff: Form = {
  read: (text) =>
    ({ on: true, true: true, yes: true, off: false, false: false, no: false })[text.toLowerCase()],
  expects: 'on or off',
};
const key: Form = {
  read: (text) => (text === '' || text === 'none' ? null : text),
  expects: 'a key such as F9 or Ctrl+Alt+Space, or none',
};
const whole: Form = {
  read: (text) => (/^[0-9]+$/.test(text) ? Number(text) : undefined),
  expects: 'a whole number',
};

const FORMS: Readonly<Record<Name, Form>> = {
  talkKey: key,
  replyKey: key,
  playNextKey: key,
  personKeys: { read: readPersonKeys, expects: 'such as 102:F5,103:F6, or none' },
  latch: onOff,
  tones: onOff,
  notifications: onOff,
  startAtLogin: onOff,
  language: {
    read: (text) => (text === 'system' || text === 'none' ? null : text),
    expects: `${languageChoice.options.join(', ')}, or system`,
  },
  keepDays: whole,
  keepMegabytes: whole,
};

/** Reads `name=value`. Errors: an InvalidArgumentError that says what is expected. */
export function readSetting(text: string): Given {
  const [, name = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(text) ?? [];
  if (!Object.hasOwn(FORMS, name)) {
    throw new InvalidArgumentError(`It must be name=value, with one of ${Object.keys(FORMS).join(', ')}.`);
  }
  const form = FORMS[name as Name];
  const read = form.read(value.trim());
  const checked = read === undefined ? undefined : checkArguments('setSettings', { [name]: read });
  if (!checked?.ok) throw new InvalidArgumentError(`${name} is ${form.expects}.`);
  return checked.args;
}

/** Every setting, as it is written after `--set`; devices too, which `corridor sound` changes. */
export function writeSettings(settings: Settings): string[] {
  const values = Object.entries(settings) as [string, Settings[keyof Settings]][];
  return values.map(([name, value]) => `${name}=${write(value)}`);
}

function write(value: Settings[keyof Settings]): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value !== 'object') return String(value);
  return value.map((each) => `${each.extension}:${each.key ?? 'none'}`).join(',') || 'none';
}

function readPersonKeys(text: string): unknown {
  if (text === 'none' || text === '') return [];
  return text.split(',').map((each) => {
    const at = each.indexOf(':');
    return { extension: each.slice(0, Math.max(0, at)).trim(), key: each.slice(at + 1).trim() };
  });
}
