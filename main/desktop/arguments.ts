import { resolve } from 'node:path';
import { checkArguments } from '../../preload/api.ts';
import { defaultProfile } from '../transports/index.ts';
import type { NodeOptions } from '../node/index.ts';
import { CorridorError } from '../model/index.ts';
import { looksLikeLink, parseDeepLink, type DeepLink } from './deep-link.ts';

/** Options that take a value: `--name Dana` or `--name=Dana`. */
const KNOWN = [
  'profile',
  'interface',
  'address',
  'office',
  'name',
  'extension',
  'microphone',
  'speaker',
  'ready',
] as const;
type Known = (typeof KNOWN)[number];

export type DesktopOptions = Omit<NodeOptions, 'workerPath' | 'log'> & {
  /** Starts in the tray, as at login. The panel opens only where a person must do something in it. */
  readonly hidden: boolean;
  /** The link that another program started the app with. */
  readonly link?: DeepLink;
};

/**
 * Reads the app's command line: the options of `corridor node`, and `--hidden`. Ignores everything else on it (Chromium's switches,
 * the app's folder), and everything after `--` or a link: the author of the link could have written that too.
 * Errors: `bad-arguments` with a sentence.
 */
export function parseArguments(argv: readonly string[]): DesktopOptions {
  const given = new Map<Known, string[]>();
  let hidden = false;
  let link: DeepLink | undefined;
  for (let at = 0; at < argv.length; at += 1) {
    const argument = argv[at] ?? '';
    if (argument === '--' || looksLikeLink(argument)) {
      link = parseDeepLink(argument === '--' ? argv[at + 1] : argument);
      break;
    }
    hidden ||= argument === '--hidden';
    const [, option, joined] = /^--([a-z]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const known = KNOWN.find((name) => name === option);
    if (!known) continue;
    const value = joined ?? argv[(at += 1)];
    if (value === undefined || value === '') throw refused(known, 'A value is missing.');
    given.set(known, [...(given.get(known) ?? []), value]);
  }
  const last = (option: Known): string | undefined => given.get(option)?.at(-1);
  const [name, typed, office] = [last('name')?.trim(), last('extension'), last('office')];
  check('name', { name: name ?? 'x', extension: '101' });
  const { extension } = check('extension', { name: 'x', extension: typed });
  check('office', { name: 'x', extension: '101', ...(office === undefined ? {} : { office }) });
  const ready = last('ready');
  if (ready !== undefined && ready !== 'warm' && ready !== 'cold') {
    throw refused('ready', 'It must be warm or cold.');
  }
  const profile = last('profile');
  const [interfaces, addresses] = [given.get('interface'), given.get('address')];
  return {
    profile: profile === undefined ? defaultProfile() : resolve(profile),
    hidden,
    ...(link === undefined ? {} : { link }),
    ...(interfaces ? { interfaces } : {}),
    ...(addresses ? { addresses } : {}),
    ...(office === undefined ? {} : { office }),
    ...(name === undefined ? {} : { name }),
    ...(extension === undefined ? {} : { extension }),
    ...(ready === undefined ? {} : { ready }),
    ...device('microphone', last('microphone')),
    ...device('speaker', last('speaker')),
  };
}

function check(option: Known, args: unknown): { readonly extension?: string | undefined } {
  const result = checkArguments('setup', args);
  if (!result.ok) throw refused(option, result.error);
  return result.args;
}

/** `default` follows the system's default, which the API calls null. */
function device<K extends 'microphone' | 'speaker'>(
  key: K,
  value: string | undefined,
): Partial<Record<K, string | null>> {
  if (value === undefined) return {};
  return { [key]: value === 'default' ? null : value } as Record<K, string | null>;
}

function refused(option: Known, why: string): CorridorError {
  return new CorridorError('bad-arguments', `--${option}: ${why}`, { phrase: null });
}
