import type { Arguments, Phrase } from '../preload/api.ts';
import { sentence } from './strings/index.ts';

/** A press that the person has to confirm: it overrides do not disturb, or pages urgently. */
export interface OverrideAsked {
  readonly press: Arguments<'talkPress'>;
  /** What was typed; undefined: it would be spoken. */
  readonly text: string | undefined;
  readonly sentence: string;
  readonly phrase: Phrase | null;
}

/** The question to ask; undefined: the press was refused for another reason. `error`: the value with which the call was rejected. */
export function overrideAskedBy(
  error: unknown,
  press: Arguments<'talkPress'>,
  text: string | undefined,
): OverrideAsked | undefined {
  const { phrase } = (error ?? {}) as { readonly phrase?: Phrase | null };
  if (phrase?.code !== 'override-unconfirmed' && phrase?.code !== 'urgent-unconfirmed') return undefined;
  return { press, text, sentence: sentence(error), phrase };
}
