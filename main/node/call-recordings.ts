import { join } from 'node:path';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { CallRecording } from '../../preload/api.ts';
import { isRecorded, partyOf, type CallEvents, type Calls } from '../calls/index.ts';
import type { MediaWorker } from '../media/index.ts';
import {
  CorridorError,
  Emitter,
  faults,
  type CallId,
  type Clock,
  type Disk,
  type NodeId,
  type Schedule,
} from '../model/index.ts';
import { diskFault, type DiskFault } from './disk-fault.ts';
import type { ProfileSettings } from './profile-fields.ts';
import { RecordingFile } from './recording-file.ts';

/** In the person's home, where they chose no folder. */
const USUAL_FOLDER = 'Corridor recordings';
/** The media worker hands on the last half second within moments, unless it is gone. */
const ENDS_WITHIN_MS = 2000;

interface CallRecordingsParts {
  readonly calls: Pick<Calls, 'events' | 'shown' | 'record' | 'stopRecording'> & {
    readonly rules: Pick<Calls['rules'], 'assertRecord'>;
  };
  readonly media: Pick<MediaWorker, 'on'>;
  readonly profile: { readonly settings: Pick<ProfileSettings, 'recordingsFolder'> };
  /** The person's own folder. */
  readonly home: string;
  readonly nameOf: (person: NodeId) => string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly schedule: Schedule;
}

interface Going {
  /** Its number in calls and at the media worker; 0: it is about to begin. */
  recording: number;
  readonly file: RecordingFile;
  /** Whom it is with. */
  readonly name: string;
  /** Why it ends, where the person does not end it. */
  why: LocalizedText | undefined;
  /** The last of it has come. */
  readonly end: () => void;
  readonly over: Promise<void>;
}

/** The recordings of this computer's calls, one at a time, each in a file. */
export class CallRecordings {
  readonly events = new Emitter<{ changed: undefined }>((error) => faults.tell('recordings', error));
  readonly #parts: CallRecordingsParts;
  readonly #stops: readonly (() => void)[];
  #going: Going | undefined;
  #last: CallRecording | null = null;

  constructor(parts: CallRecordingsParts) {
    const { calls, media } = parts;
    this.#parts = parts;
    this.#stops = [
      calls.events.on('recorded', (recorded) => this.#ends(recorded)),
      media.on('call-recorded', ({ recording, packets }) => this.#at(recording)?.file.add(packets)),
      media.on('call-recording-ended', ({ recording }) => this.#at(recording)?.end()),
      media.on('crashed', () => this.#going?.end()),
    ];
  }

  /** The one that goes on, or the last one, until the person has put it away. */
  get shown(): CallRecording | null {
    if (!this.#going) return this.#last;
    const { file, name } = this.#going;
    return { file: file.path, name, isOver: false, durationMs: 0, sentence: null, phrase: null };
  }

  /**
   * Records a call, with all who are in it, once they are told.
   * @throws CorridorError `recording-not-begun`: no file can be made; else as `Calls.record` says
   */
  async start(id: CallId): Promise<void> {
    const { calls, profile, home, disk, clock } = this.#parts;
    this.#assertStart(id);
    const name = this.#nameOf(id);
    const file = await RecordingFile.open({
      ...{
        disk,
        name,
        at: clock.now(),
        folder: profile.settings.recordingsFolder ?? join(home, USUAL_FOLDER),
      },
      failed: (error) => this.#failed(file, error),
    }).catch((error: Error) => {
      throw notBegun(error);
    });
    try {
      // While the file was made the call may have ended, or another recording may have begun.
      this.#assertStart(id);
    } catch (error) {
      await file.discard();
      throw error;
    }
    let end = (): void => undefined;
    const isOver = new Promise<void>((resolve) => (end = resolve));
    const over = isOver.then(() => this.#finish(going));
    const going: Going = { recording: 0, file, name, why: undefined, end, over };
    this.#going = going;
    going.recording = calls.record(id);
    this.events.emit('changed', undefined);
  }

  stop(): void {
    this.#parts.calls.stopRecording();
  }

  /** The person has seen where the last one is. */
  forget(): void {
    this.#last = null;
    this.events.emit('changed', undefined);
  }

  /** Calls have ended. Resolves once what was said in them is on the disk. */
  async close(): Promise<void> {
    const going = this.#going;
    if (going) {
      const cancel = this.#parts.schedule(going.end, ENDS_WITHIN_MS);
      await going.over;
      cancel();
    }
    for (const stop of this.#stops) stop();
  }

  #assertStart(id: CallId): void {
    if (this.#going) throw isRecorded();
    this.#parts.calls.rules.assertRecord(id);
  }

  /** The recording of that number. After a crash of the media worker the next one still tells the end of one that is over. */
  #at(recording: number): Going | undefined {
    return this.#going?.recording === recording ? this.#going : undefined;
  }

  /** Who is in the call. One who is still being called into it is not recorded unless they answer. */
  #nameOf(id: CallId): string {
    const { calls, nameOf } = this.#parts;
    const all = partyOf(calls.shown, id).filter(({ state }) => state === 'active');
    return all.map(({ person }) => nameOf(person)).join(', ');
  }

  #ends({ reason, person }: CallEvents['recorded']): void {
    if (!this.#going) return;
    if (reason === 'held') this.#going.why ??= heldEnds();
    if (reason === 'untold') this.#going.why ??= untold(person ? this.#parts.nameOf(person) : '');
  }

  #failed(file: RecordingFile, error: NodeJS.ErrnoException): void {
    if (this.#going?.file !== file) return;
    this.#going.why ??= cutShort(error);
    this.stop();
  }

  async #finish(going: Going): Promise<void> {
    const { file, name } = going;
    await file.close();
    const { durationMs } = file;
    // The disk may have refused the end of it.
    const { why } = going;
    if (durationMs === 0) await file.discard();
    this.#going = undefined;
    const { sentence, phrase } = why ?? { sentence: null, phrase: null };
    this.#last =
      durationMs > 0 || why
        ? { file: durationMs > 0 ? file.path : null, name, isOver: true, durationMs, sentence, phrase }
        : null;
    this.events.emit('changed', undefined);
  }
}

/** What is wrong with the disk, and what helps. */
function faultOf(error: Error): DiskFault {
  return diskFault(error, 'Its folder may not be written to: choose another one.');
}

function notBegun(cause: Error): CorridorError {
  const { sentence, ...details } = faultOf(cause);
  return new CorridorError('recording-not-begun', `Nothing is recorded. ${sentence}`, { cause, details });
}

function cutShort(error: Error): LocalizedText {
  const { sentence, ...details } = faultOf(error);
  const text = `The recording has ended, and what came before is kept. ${sentence}`;
  return localizedText('recording-cut-short', text, details);
}

function heldEnds(): LocalizedText {
  return localizedText('recording-held', 'The call is held, which has ended its recording.');
}

function untold(name: string): LocalizedText {
  const sentence = `${name}’s computer does not say that ${name} is told of the recording. It has ended.`;
  return localizedText('recording-untold', sentence, { name });
}
