import { UsageError } from './exit.ts';

export type TalkHow =
  | { readonly kind: 'hold' }
  | { readonly kind: 'for'; readonly seconds: number }
  | { readonly kind: 'file'; readonly path: string };

/** How to talk, by the options `--for` and `--file`; without either, until Enter. @throws UsageError where both are given */
export function talkHow({ for: seconds, file }: { readonly for?: number; readonly file?: string }): TalkHow {
  if (seconds !== undefined && file !== undefined) throw new UsageError('Give --for or --file, not both.');
  if (file !== undefined) return { kind: 'file', path: file };
  return seconds === undefined ? { kind: 'hold' } : { kind: 'for', seconds };
}
