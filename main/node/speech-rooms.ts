import { dirname, join } from 'node:path';
import type { Calls } from '../calls/index.ts';
import type { MediaWorker } from '../media/index.ts';
import { Transcripts, type Messages } from '../messages/index.ts';
import { faults, type Ports } from '../model/index.ts';
import {
  CommandCaptioner,
  CommandRecogniser,
  forkChild,
  SherpaCaptioner,
  SherpaRecogniser,
  SherpaVoice,
  systemVoices,
  Voices,
  WorkFolder,
  type StartChild,
} from '../speech/index.ts';
import { TranscriptFiles } from '../store/index.ts';
import type { BeingSpoken } from './being-spoken.ts';
import { Captioning } from './captioning.ts';
import type { NodeOptions } from './options.ts';
import { OwnVoice, type Speaking } from './own-voice.ts';
import type { ProfileFolder } from './profile-folder.ts';
import type { Sound } from './sound.ts';
import type { Troubles } from './troubles.ts';
import { Transcribing } from './transcribing.ts';

interface EnginesParts extends Pick<ProfileFolder, 'profile'> {
  readonly options: NodeOptions;
}

/** What starts the engines of this computer. They work on files in the profile, and what they make stays there. */
interface Engines {
  readonly folder: WorkFolder;
  readonly startSpeech: StartChild;
  /** The voice that speaks what this person types, and what others type to them. */
  readonly ownVoice: OwnVoice;
}

interface SpeechRoomsParts extends EnginesParts, Pick<ProfileFolder, 'identity'> {
  readonly engines: Engines;
  readonly messages: Messages;
  readonly calls: Calls;
  readonly spoken: BeingSpoken;
  readonly sound: Sound;
  readonly media: Pick<MediaWorker, 'on'>;
  readonly troubles: Pick<Troubles, 'set'>;
  readonly ports: Ports;
}

export interface SpeechRooms {
  readonly ownVoice: OwnVoice;
  /** What was said to this person, written down. */
  readonly transcripts: Transcripts;
  readonly transcribing: Transcribing;
  /** What is said here, as captions while it is said. */
  readonly captioning: Captioning;
}

export function makeEngines({ options, profile }: EnginesParts): Engines {
  const { workerPath, speechBy = forkChild } = options;
  const startSpeech = speechBy(join(dirname(workerPath), 'speech.cjs'));
  const folder = new WorkFolder(join(options.profile, 'speech'));
  const speakingBy = (voiceFolder: string | null): Speaking => {
    const chosen = voiceFolder === null ? undefined : new SherpaVoice(voiceFolder, startSpeech);
    const voices = options.synthesiser ?? new Voices([...(chosen ? [chosen] : []), ...systemVoices(folder)]);
    return {
      synthesiser: voices,
      check: () => chosen?.list() ?? Promise.resolve(),
      close: () => chosen?.close(),
    };
  };
  return { folder, startSpeech, ownVoice: new OwnVoice({ speakingBy, profile }) };
}

/** What makes voice of text, and text of voice. */
export function makeSpeechRooms(parts: SpeechRoomsParts): SpeechRooms {
  const { options, identity, profile, messages, calls, spoken, sound, media, troubles, ports } = parts;
  const { folder, startSpeech, ownVoice } = parts.engines;
  const { log } = options;
  const transcripts = new Transcripts({
    ...{ identity, read: messages.kept, events: messages.events, random: ports.random },
    files: new TranscriptFiles(join(options.profile, 'store', 'transcripts'), ports),
  });
  const transcribing = new Transcribing({
    ...{ messages, transcripts, calls, spoken, sound, profile, log },
    ...{ clock: ports.clock, schedule: ports.schedule },
    recogniserFor: (chosen) =>
      'command' in chosen
        ? new CommandRecogniser({ command: chosen.command, folder })
        : new SherpaRecogniser(chosen.model, startSpeech),
  });
  const captioning = new Captioning({
    ...{ messages, transcripts, calls, media, profile, log, schedule: ports.schedule },
    trouble: (text) => troubles.set('captions', text),
    captionerFor: (chosen) =>
      'command' in chosen
        ? new CommandCaptioner(chosen.command)
        : new SherpaCaptioner(chosen.model, startSpeech),
  });
  captioning.settingsChanged();
  folder.clear().catch((error: unknown) => faults.tell('the folder of the engines', error));
  transcripts
    .begin()
    .catch((error: unknown) => faults.tell('transcripts', error))
    .then(() => transcribing.settingsChanged())
    .catch((error: unknown) => faults.tell('transcribing', error));
  return { ownVoice, transcripts, transcribing, captioning };
}
