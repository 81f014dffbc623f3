import type { Arguments, Phrase } from '../preload/api.ts';
import { sentence } from './strings/index.ts';

/** A press that is to be confirmed: it overrides do not disturb, or pages urgently. */
export interface OverrideAsked {
  readonly press: Arguments<'talkPress'>;
  readonly sentence: string;
  readonly phrase: Phrase | null;
}

/** What is to be asked; undefined: the press was refused for another reason. `error`: the value that the call was rejected with. */
export function overrideAskedBy(error: unknown, press: Arguments<'talkPress'>): OverrideAsked | undefined {
  const { phrase } = (error ?? {}) as { readonly phrase?: Phrase | null };
  if (phrase?.code !== 'override-unconfirmed' && phrase?.code !== 'urgent-unconfirmed') return undefined;
  return { press, sentence: sentence(error), phrase };
}
