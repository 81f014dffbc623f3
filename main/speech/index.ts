export { checkEngine } from './check-engine.ts';
export { chooseVoice, speaksLanguage } from './choose-voice.ts';
export { CommandCaptioner } from './command-captioner.ts';
export { CommandRecogniser } from './command-recogniser.ts';
export { guessLanguage } from './guess-language.ts';
export type {
  Captioner,
  CaptionListener,
  LiveSpeech,
  Recogniser,
  RecogniserOptions,
  Synthesiser,
  Voice,
  VoiceEngine,
  VoiceWish,
} from './speech.ts';
export { SherpaCaptioner } from './sherpa-captioner.ts';
export { SherpaRecogniser } from './sherpa-recogniser.ts';
export { SherpaVoice } from './sherpa-voice.ts';
export { forkChild, type EngineChild, type StartChild } from './start-child.ts';
export { systemVoices, Voices } from './synthesiser.ts';
export { Transcriber, type TranscriberPorts } from './transcriber.ts';
export type { TranscriptState } from './transcription-queue.ts';
export { WorkFolder } from './work-folder.ts';
