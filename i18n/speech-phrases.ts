import type { None } from './none.ts';

/** What is wrong with a file of a model folder. `cut-off`: shorter than it says itself. `pointer`: Git LFS's stand-in for the file. */
export type ModelFileFault = 'missing' | 'empty' | 'cut-off' | 'pointer' | 'no-model';

interface OfEngine {
  /** The engine's own name, such as `espeak-ng`, or the program of the person's command. */
  readonly engine: string;
}

/** The sentences on text to voice and voice to text. */
export interface SpeechPhrases {
  'words-empty': None;
  'words-too-long': { readonly most: number };
  'words-do-not-open': None;
  'words-too-slow': None;
  'no-words': None;
  'no-voice-here': None;
  /** `place`: in the list of sentences at hand, from 1. `count`: how many there are. */
  'no-preset': { readonly place: number; readonly count: number };
  'no-recogniser': None;
  'no-transcript': None;
  'transcript-failed': None;
  'captions-failed': None;
  /** `language`: a BCP 47 tag. */
  'no-voice': { readonly language: string };
  'engine-missing': OfEngine;
  /** `why`: the engine's own words; null: it gave none. */
  'engine-failed': OfEngine & { readonly why: string | null };
  'engine-ended-early': OfEngine;
  'engine-slow': OfEngine & { readonly seconds: number };
  'engine-too-much': OfEngine;
  'engine-garbage': OfEngine;
  'command-empty': None;
  'command-quote': None;
  'model-unknown': { readonly folder: string };
  'model-not-live': { readonly folder: string };
  'model-unreadable': { readonly folder: string; readonly why: string };
  'model-damaged': { readonly file: string; readonly fault: ModelFileFault };
  /** `folder`: where the library is looked for first. */
  'library-missing': { readonly library: string; readonly folder: string };
}
