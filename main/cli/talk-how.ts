import { FRAME_MS, MAX_FRAGMENTS } from '../model/index.ts';
import { UsageError } from './exit.ts';

/** How long a held key talks at most, for a sentence. */
export const AT_MOST = `for ${(MAX_FRAGMENTS * FRAME_MS) / 60_000} minutes at most`;

export type TalkHow =
  | { readonly kind: 'hold' }
  | { readonly kind: 'for'; readonly seconds: number }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'preset'; readonly preset: number };

interface HowGiven {
  readonly for?: number;
  readonly file?: string;
  readonly say?: string;
  readonly preset?: number;
}

/** How to talk, by the options `--for`, `--file`, `--say` and `--preset`; without any, until Enter. @throws UsageError where several are given */
export function talkHow({ for: seconds, file, say, preset }: HowGiven): TalkHow {
  const given = [seconds, file, say, preset].filter((one) => one !== undefined);
  if (given.length > 1) throw new UsageError('Give one of --for, --file, --say and --preset.');
  if (say !== undefined) return { kind: 'say', text: say };
  if (preset !== undefined) return { kind: 'preset', preset };
  if (file !== undefined) return { kind: 'file', path: file };
  return seconds === undefined ? { kind: 'hold' } : { kind: 'for', seconds };
}
