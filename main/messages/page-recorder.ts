import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import type { WorkerEvent } from '../media/index.ts';
import { newMessageId, type Clock, type Emitter, type MessageId, type Random } from '../model/index.ts';
import type { Addressing } from './compose.ts';
import type { MessageEvents } from './events.ts';
import type { MediaPort, OfficePort } from './ports.ts';
import type { OngoingTalk } from './states.ts';
import { NOBODY_LEFT } from './talk-failures.ts';
import { membersOf } from './talk-targets.ts';

/** A shorter recording is a mere click, and is not sent: 0.4 s, in samples. */
const LEAST_SAMPLES = 19_200;
const NOTHING_RECORDED = localizedText(
  'page-nothing-recorded',
  'Nothing was recorded. Hold the key while you speak; the page is sent when you let go.',
);
const INTERRUPTED = localizedText(
  'page-recording-cut',
  'The sound stopped working for a moment, and your page was not sent. Say it once more.',
);

export interface PageRecorderParts {
  readonly media: MediaPort;
  readonly office: OfficePort;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
  readonly random: Random;
}

/** A finished recording, and its recipients. */
interface RecordedPage {
  readonly addressing: Addressing;
  readonly pcm: Int16Array;
  /** The message id that the key press got which recorded it. */
  readonly pressed: MessageId;
}

interface Recording extends OngoingTalk {
  readonly addressing: Addressing;
  released: boolean;
  /** The recording, when its time was over before the key was released; undefined: it is still being recorded. */
  pcm: Int16Array | undefined;
}

/**
 * Records a page first, and sends it when the key is released. Desks beside each other then make no feedback, since the page does not
 * sound while its talker’s microphone is open.
 */
export class PageRecorder {
  readonly #parts: PageRecorderParts;
  readonly #send: (page: RecordedPage) => void;
  #recording: Recording | undefined;

  constructor(parts: PageRecorderParts, send: (page: RecordedPage) => void) {
    this.#parts = parts;
    this.#send = send;
    const { media, events } = parts;
    media.on('capturing', ({ id }) => {
      if (id === this.#recording?.id) events.emit('capturing', this.#recording.id);
    });
    media.on('recorded', (event) => this.#recorded(event));
    media.on('crashed', () => this.#fail(INTERRUPTED));
  }

  get current(): OngoingTalk | undefined {
    return this.#recording;
  }

  /** Key down. */
  press(addressing: Addressing): OngoingTalk {
    const { media, events, clock, random } = this.#parts;
    const { to, group, recipients, page, diverted = [] } = addressing;
    const id = newMessageId(random);
    const recording: Recording = {
      ...{ id, pressed: id, to, group, recipients, diverted, page, addressing, startedAt: clock.now() },
      ...{ usesMicrophone: true, isRecording: true, isSilent: false, released: false, pcm: undefined },
      isOverride: addressing.isOverride === true,
    };
    this.#recording = recording;
    media.post({ type: 'record', id, keyDownAt: clock.monotonic() });
    events.emit('talk', recording);
    return recording;
  }

  /** Key up. */
  release(): MessageId | undefined {
    const recording = this.#recording;
    if (!recording) return undefined;
    recording.released = true;
    if (recording.pcm) this.#sendIt(recording, recording.pcm);
    else this.#parts.media.post({ type: 'record-stop', id: recording.id });
    return recording.id;
  }

  #recorded({ id, pcm, failed }: Extract<WorkerEvent, { type: 'recorded' }>): void {
    const recording = this.#recording;
    if (recording?.id !== id) return;
    if (failed !== null) return this.#fail(failed);
    // If the time is over while the key is still held, the page is sent when the key is released.
    if (recording.released) this.#sendIt(recording, pcm);
    else recording.pcm = pcm;
  }

  #sendIt({ addressing, pressed }: Recording, pcm: Int16Array): void {
    // Some recipients may have been removed meanwhile.
    const recipients = membersOf(addressing.recipients, this.#parts.office);
    if (pcm.length < LEAST_SAMPLES) return this.#fail(NOTHING_RECORDED, 'talk-hint');
    if (recipients.length === 0) return this.#fail(NOBODY_LEFT);
    this.#recording = undefined;
    this.#send({ addressing: { ...addressing, recipients }, pcm, pressed });
  }

  #fail(why: LocalizedText, event: 'talk-failed' | 'talk-hint' = 'talk-failed'): void {
    const { events } = this.#parts;
    if (!this.#recording) return;
    this.#recording = undefined;
    events.emit('talk', undefined);
    events.emit(event, why);
  }
}
