import { isDeepStrictEqual } from 'node:util';
import type { LocalizedText } from '../../i18n/index.ts';
import type { WorkerEvent } from '../media/index.ts';
import { CorridorError, isPassing, textOfError, type MessageId } from '../model/index.ts';
import type { Addressing, Draft } from './compose.ts';
import { OwnMessage, type OwnMessageParts } from './own-message.ts';
import { PageRecorder, type PageRecorderParts } from './page-recorder.ts';
import type { Beginning, Press, Recording } from './recording.ts';
import type { OngoingTalk } from './states.ts';
import { CLICKED, INTERRUPTED, NOBODY_LEFT, NO_SOUND } from './talk-failures.ts';
import { membersOf, TalkTargets, type TalkTargetsParts } from './talk-targets.ts';

/** The worker resends lost fragments for this many finished messages. */
const KEPT_FINISHED = 8;

interface OutgoingMessagesParts extends OwnMessageParts, PageRecorderParts, TalkTargetsParts {}

/**
 * Messages that are being spoken. At key down the worker begins first: fragments are sent while keys are still being wrapped, and
 * receivers keep them until the header is there.
 */
export class OutgoingMessages {
  readonly #parts: OutgoingMessagesParts;
  readonly #targets: TalkTargets;
  /** The messages that are not finished: at most one is being spoken; of the others the tail is still being recorded. */
  readonly #recordings = new Map<MessageId, Recording>();
  readonly #recorder: PageRecorder;
  /** The last of those that are finished. */
  #finished: readonly Recording[] = [];
  /** The media worker is gone, and the next one does not take orders yet. */
  #isSoundDown = false;

  constructor(parts: OutgoingMessagesParts) {
    this.#parts = parts;
    this.#targets = new TalkTargets(parts);
    const { media, events } = parts;
    this.#recorder = new PageRecorder(parts, ({ addressing, pcm, pressed }) =>
      this.#press(addressing, { pcm, pressed }),
    );
    media.on('capturing', ({ id }) => {
      const recording = this.#find(id);
      if (!recording) return;
      // Of a held key the worker says when it is no click. A microphone that does not open leaves no message without sound.
      if (!recording.isHeld) recording.message.decide(true);
      events.emit('capturing', recording.id);
    });
    media.on('talk-fragments', ({ id, fragments }) => this.#find(id)?.message.keep(fragments));
    media.on('talk-reach', ({ id, reach }) => {
      const recording = this.#find(id) ?? this.#finished.find((one) => one.id === id);
      if (recording) this.#targets.learn(recording, reach);
    });
    media.on('talk-renewed', ({ id }) => this.#renewed(id));
    media.on('talk-silent', ({ id, isSilent }) => this.#heard(id, isSilent));
    media.on('talk-meant', ({ id }) => this.#find(id)?.message.decide(true));
    media.on('talk-ended', (event) => void this.#ended(event));
    media.on('crashed', () => void this.#interrupt());
    media.on('restarted', () => (this.#isSoundDown = false));
    events.on('message', (id) => {
      const recording = this.#find(id);
      // A page that is kept goes to every recipient, whatever their nodes report.
      if (recording?.page && isPassing({ page: recording.page })) this.lookAgain();
    });
  }

  /** The talk that is being spoken or recorded, else the one that is being finished. */
  get current(): OngoingTalk | undefined {
    return this.#spoken ?? this.#recorder.current ?? [...this.#recordings.values()].pop();
  }

  get #spoken(): Recording | undefined {
    return [...this.#recordings.values()].find(({ released }) => !released);
  }

  /** Key down. @throws CorridorError `already-talking`, `sound-down` */
  press(addressing: Addressing, press: Press = {}): OngoingTalk {
    this.#refuse();
    return this.#press(addressing, press);
  }

  /** As `press`, for a page that is recorded first and sent when the key is let go. @throws CorridorError as `press` */
  record(addressing: Addressing): OngoingTalk {
    this.#refuse();
    return this.#recorder.press(addressing);
  }

  #refuse(): void {
    // It may take seconds, and what is said meanwhile would be lost.
    if (this.#isSoundDown)
      throw new CorridorError(
        'sound-down',
        'Nothing can be said just now: the sound part of Corridor is being started again. Try once more in a moment.',
      );
    if (!this.#spoken && !this.#recorder.current) return;
    throw new CorridorError('already-talking', 'You are talking already. Let go of the key first.');
  }

  #press(addressing: Addressing, { pcm, isHeld = false, pressed }: Press): Recording {
    const { composer, media, events, clock } = this.#parts;
    const draft = composer.draft();
    const { id, ssrc, key } = draft;
    const targets = this.#targets.of(addressing.recipients);
    const group = this.#targets.groupFor(targets);
    media.post({
      ...{ type: 'talk', id, ssrc, key, targets, keyDownAt: clock.monotonic() },
      ...(group && this.#targets.toGroup(group)),
      ...(pcm ? { pcm } : {}),
      ...(isHeld && { mayBeClick: true }),
    });
    const said: Addressing = { ...addressing, ...(group && { isMulticast: true }) };
    const usesMicrophone = pcm === undefined;
    const beginning = {
      pressed: pressed ?? id,
      usesMicrophone,
      targets,
      isHeld,
      isUndecided: usesMicrophone,
    };
    const recording = this.#record(draft, said, beginning);
    events.emit('talk', recording);
    return recording;
  }

  /** Key up. Nothing happens where nobody talks. Returns the message that is being finished. */
  release(): MessageId | undefined {
    const recording = this.#spoken;
    if (!recording) return this.#recorder.release() ?? this.current?.id;
    recording.released = true;
    this.#parts.media.post({ type: 'talk-stop', id: recording.id });
    this.#parts.events.emit('talk', recording);
    return recording.id;
  }

  /** To be called when the switch has changed: the rest of a talk goes to the new one. */
  retarget(): void {
    for (const recording of this.#recordings.values()) this.#retarget(recording);
  }

  /**
   * To be called when a colleague is at another address than before, or hears no more of a passing page: the rest of a talk, and what
   * listeners still lack, goes to those who are left, where they are.
   */
  lookAgain(): void {
    for (const recording of [...this.#recordings.values(), ...this.#finished]) {
      const targets = this.#targets.ofTalk(recording);
      if (!isDeepStrictEqual(targets, recording.targets)) this.#retarget(recording, targets);
    }
  }

  /**
   * Some recipients are no members any more: nothing is sent to them from now on, and nothing that they could open is sent at all.
   * They have the key of the present message, so the talk goes on as another message for those who remain. If nobody remains, it
   * ends.
   */
  membersChanged(): void {
    const { office } = this.#parts;
    if (office.isRemoved(office.self)) {
      this.release();
      this.retarget();
      return;
    }
    for (const recording of [...this.#recordings.values(), ...this.#finished]) {
      if (recording.recipients.every(({ node }) => office.isMember(node))) continue;
      this.#retarget(recording);
      if (!recording.released) this.#leaveOut(recording);
    }
  }

  #leaveOut(recording: Recording): void {
    const { composer, media, office, events } = this.#parts;
    const recipients = membersOf(recording.recipients, office);
    if (recipients.length === 0) {
      recording.released = true;
      media.post({ type: 'talk-stop', id: recording.id });
      events.emit('talk', recording);
      events.emit('talk-failed', NOBODY_LEFT);
    } else if (!recording.renewal) {
      const draft = composer.draft();
      const { id, ssrc, key } = draft;
      const targets = this.#targets.of(recipients);
      recording.renewal = { draft, targets };
      const group = recording.addressing.isMulticast && office.group;
      const next = { id, ssrc, key, targets, ...(group && this.#targets.toGroup(group)) };
      media.post({ type: 'talk-renew', id: recording.id, next });
    }
  }

  /** The worker has switched: its fragments belong to the next message from now on. */
  #renewed(id: string): void {
    const before = this.#find(id);
    if (!before?.renewal) return;
    const { media, events, office } = this.#parts;
    const { draft, targets } = before.renewal;
    before.renewal = undefined;
    const recipients = membersOf(before.recipients, office);
    // All others may have been removed meanwhile: the person was told, and nobody is to get what was said since.
    if (recipients.length === 0) return media.post({ type: 'talk-stop', id: draft.id });
    // The first message gave its words to those who stay.
    const rest = { ...before.addressing, recipients, words: undefined };
    const next = this.#record(draft, rest, { ...before, targets, isUndecided: before.message.isUndecided });
    next.isSilent = before.isSilent;
    // The person may have let go of the key meanwhile.
    next.released = before.released;
    before.released = true;
    if (next.released) media.post({ type: 'talk-stop', id: next.id });
    events.emit('talk', next);
    // Another recipient may have been removed meanwhile, or the switch may be another one.
    this.#retarget(next);
  }

  #retarget(recording: Recording, targets = this.#targets.ofTalk(recording)): void {
    recording.targets = targets;
    this.#parts.media.post({ type: 'talk-targets', id: recording.id, targets, ...this.#targets.own });
  }

  #record(draft: Draft, addressing: Addressing, beginning: Beginning): Recording {
    const { id, startedAt } = draft;
    const { recipients, to, group, diverted = [] } = addressing;
    const { pressed, usesMicrophone, isHeld, targets, isUndecided } = beginning;
    const recording: Recording = {
      ...{ id, pressed, to, group, startedAt, recipients, diverted, addressing, released: false },
      ...{ usesMicrophone, isHeld, page: addressing.page, isRecording: false, isSilent: false },
      ...{ isOverride: addressing.isOverride === true, renewal: undefined, targets },
      ...{
        message: new OwnMessage(this.#parts, { draft, addressing, isUndecided }),
        begun: Promise.resolve(),
      },
    };
    this.#recordings.set(id, recording);
    recording.begun = recording.message.begin().catch((error: Error) => this.#fail(recording, error));
    return recording;
  }

  #heard(id: string, isSilent: boolean): void {
    const recording = this.#find(id);
    if (!recording) return;
    recording.isSilent = isSilent;
    const { events } = this.#parts;
    events.emit('talk', this.current);
    if (isSilent) events.emit('talk-hint', NO_SOUND);
  }

  #find(id: string): Recording | undefined {
    return this.#recordings.get(id as MessageId);
  }

  /** The key cannot be wrapped for the recipients: the message is discarded, and the person learns that at once. */
  #fail(recording: Recording, error: Error): void {
    const { media, events } = this.#parts;
    if (!this.#recordings.delete(recording.id)) return;
    media.post({ type: 'talk-stop', id: recording.id });
    events.emit('talk', this.current);
    if (!(error instanceof CorridorError)) throw error;
    events.emit('talk-failed', textOfError(error));
  }

  async #ended({ id, failed, isClick }: Extract<WorkerEvent, { type: 'talk-ended' }>): Promise<void> {
    const recording = this.#find(id);
    if (!recording) return;
    const ended = this.#end(recording, failed);
    if (isClick) this.#parts.events.emit('talk-hint', CLICKED);
    await ended;
  }

  /** The worker has crashed. The speech until then is finished as a message. */
  async #interrupt(): Promise<void> {
    this.#isSoundDown = true;
    for (const recording of [...this.#recordings.values()]) await this.#end(recording, INTERRUPTED);
  }

  async #end(recording: Recording, failed: LocalizedText | null): Promise<void> {
    const { events } = this.#parts;
    if (!this.#recordings.delete(recording.id)) return;
    recording.message.decide(false);
    this.#finished = [...this.#finished, recording].slice(-KEPT_FINISHED);
    events.emit('talk', this.current);
    if (failed !== null) events.emit('talk-failed', failed);
    await recording.begun;
    await recording.message.end();
  }
}
