export { chooseVoice } from './choose-voice.ts';
export { CommandRecogniser } from './command-recogniser.ts';
export { guessLanguage } from './guess-language.ts';
export type {
  Recogniser,
  RecogniserOptions,
  SpokenWord,
  Synthesiser,
  Transcript,
  Voice,
  VoiceEngine,
  VoiceWish,
} from './speech.ts';
export { systemVoices, Voices } from './synthesiser.ts';
export { WorkFolder } from './work-folder.ts';
