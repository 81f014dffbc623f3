import { InvalidArgumentError } from 'commander';
import {
  SETTING_NAMES,
  SETTINGS,
  settingFromText,
  settingToText,
  type SettingName,
  type SettingValues,
} from '../../preload/api.ts';

type Given = Partial<SettingValues>;

/** Reads `name=value`. Errors: an InvalidArgumentError that says what is expected. */
export function readSetting(text: string): Given {
  const [, name = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(text) ?? [];
  if (!Object.hasOwn(SETTINGS, name)) {
    throw new InvalidArgumentError(`It must be name=value, with one of ${SETTING_NAMES.join(', ')}.`);
  }
  return readValue(name as SettingName, value);
}

/** Reads the value of one setting. Errors: an InvalidArgumentError that says what is expected. */
export function readValue(name: SettingName, text: string): Given {
  const value = settingFromText(name, text.trim());
  if (value === undefined) throw new InvalidArgumentError(`${name} must be ${SETTINGS[name].expects}.`);
  return { [name]: value };
}

/** Every setting, as it is written after `--set`. */
export function writeSettings(settings: SettingValues): string[] {
  return SETTING_NAMES.map((name) => `${name}=${settingToText(name, settings[name])}`);
}

/** Help on every setting: what it does, its values, and its default. */
export function explainSettings(): string {
  const rows = SETTING_NAMES.map((name) => {
    const { explanation, expects, byDefault } = SETTINGS[name];
    const usual = settingToText(name, byDefault);
    return `  ${name.padEnd(14)} ${explanation}\n  ${' '.repeat(14)} ${expects}; ${usual} unless changed`;
  });
  return `\nSettings:\n${rows.join('\n')}`;
}
