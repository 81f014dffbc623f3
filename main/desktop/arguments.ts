import { resolve } from 'node:path';

export interface DesktopArguments {
  readonly profile: string;
  /** Empty: the LAN's interfaces are found. */
  readonly interfaces: readonly string[];
  /** Computers to ask where multicast is blocked. */
  readonly addresses: readonly string[];
  /** Starts in the tray alone: for starting at login. */
  readonly hidden: boolean;
}

const LISTS = ['--profile', '--interface', '--address'] as const;

/**
 * Reads `--profile DIR --interface IP --address HOST --hidden`, also as `--profile=DIR`. Everything else (Chromium's own
 * switches, the app's folder in development) is left alone.
 */
export function readArguments(argv: readonly string[], defaultProfile: string): DesktopArguments {
  const values = { '--profile': [] as string[], '--interface': [] as string[], '--address': [] as string[] };
  for (let n = 0; n < argv.length; n++) {
    const [name = '', inline] = splitOnce(argv[n] ?? '');
    const list = LISTS.find((known) => known === name);
    if (!list) continue;
    const value = inline ?? argv[(n += 1)];
    if (value !== undefined) values[list].push(value);
  }
  return {
    profile: resolve(values['--profile'].at(-1) ?? defaultProfile),
    interfaces: values['--interface'],
    addresses: values['--address'],
    hidden: argv.includes('--hidden'),
  };
}

function splitOnce(argument: string): [string, string | undefined] {
  const at = argument.indexOf('=');
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}
