import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import { FragmentHash } from '../identity/index.ts';
import type { MediaAddress, WorkerEvent } from '../media/index.ts';
import {
  CorridorError,
  textOfError,
  type Clock,
  type Emitter,
  type Fragment,
  type MessageId,
  type NodeRecord,
} from '../model/index.ts';
import type { Archive } from './archive.ts';
import type { Addressing, Composer, Draft } from './compose.ts';
import type { MessageEvents } from './events.ts';
import type { MessageSync } from './message-sync.ts';
import type { MediaPort, OfficePort } from './ports.ts';
import type { OngoingTalk } from './states.ts';

const INTERRUPTED = localizedText(
  'talk-cut',
  'The sound stopped working for a moment. What you said until then was sent.',
);

export interface OutgoingMessagesParts {
  readonly archive: Archive;
  readonly composer: Composer;
  readonly media: MediaPort;
  readonly office: OfficePort;
  readonly sync: MessageSync;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
}

interface Recording extends OngoingTalk {
  readonly hash: FragmentHash;
  released: boolean;
  /** Own fragments that came before the header was signed; undefined once it is. */
  early: Fragment[] | undefined;
  begun: Promise<void>;
}

/**
 * Messages that are being spoken. At key down the worker is set going first: fragments fly while keys are still being
 * wrapped, and receivers hold them until the header is there.
 */
export class OutgoingMessages {
  readonly #parts: OutgoingMessagesParts;
  /** Those that are not finished: one is being spoken at most, others still have their last word recorded. */
  readonly #recordings = new Map<MessageId, Recording>();

  constructor(parts: OutgoingMessagesParts) {
    this.#parts = parts;
    const { media, events } = parts;
    media.on('capturing', ({ id }) => {
      const recording = this.#find(id);
      if (recording) events.emit('capturing', recording.id);
    });
    media.on('talk-fragments', ({ id, fragments }) => this.#keep(id, fragments));
    media.on('talk-ended', (event) => void this.#ended(event));
    media.on('crashed', () => void this.#interrupt());
  }

  /** The talk that is being spoken, else the one that is being finished. */
  get current(): OngoingTalk | undefined {
    return this.#spoken ?? [...this.#recordings.values()].pop();
  }

  get #spoken(): Recording | undefined {
    for (const recording of this.#recordings.values()) if (!recording.released) return recording;
    return undefined;
  }

  /**
   * Key down.
   * @param pcm a recording (48 kHz, mono) to speak instead of the microphone's sound
   * @throws CorridorError `already-talking`
   */
  press(addressing: Addressing, pcm?: Int16Array): OngoingTalk {
    if (this.#spoken) {
      throw new CorridorError('already-talking', 'You are talking already. Let go of the key first.');
    }
    const { composer, media, events, clock } = this.#parts;
    const draft = composer.draft();
    const { id, ssrc, key, startedAt } = draft;
    const { recipients, to } = addressing;
    media.post({
      ...{ type: 'talk', id, ssrc, key, targets: this.#targets(recipients) },
      keyDownAt: clock.monotonic(),
      ...(pcm ? { pcm } : {}),
    });
    const recording: Recording = {
      ...{ id, to, startedAt, recipients, released: false },
      ...{ hash: new FragmentHash(), early: [], begun: Promise.resolve() },
    };
    this.#recordings.set(id, recording);
    recording.begun = this.#begin(recording, draft, addressing).catch((error: Error) =>
      this.#fail(recording, error),
    );
    events.emit('talk', recording);
    return recording;
  }

  /** Key up. Nothing happens where nobody talks. Returns the message that is being finished. */
  release(): MessageId | undefined {
    const recording = this.#spoken;
    if (!recording) return this.current?.id;
    recording.released = true;
    this.#parts.media.post({ type: 'talk-stop', id: recording.id });
    this.#parts.events.emit('talk', recording);
    return recording.id;
  }

  /** The switch, or the way to it, changed while somebody talks: the rest goes to the new one. */
  retarget(): void {
    for (const { id, recipients } of this.#recordings.values()) {
      this.#parts.media.post({ type: 'talk-targets', id, targets: this.#targets(recipients) });
    }
  }

  #find(id: string): Recording | undefined {
    return this.#recordings.get(id as MessageId);
  }

  #keep(id: string, fragments: readonly Fragment[]): void {
    const recording = this.#find(id);
    if (!recording) return;
    for (const fragment of fragments) recording.hash.add(fragment.bytes);
    if (recording.early) recording.early.push(...fragments);
    else this.#parts.archive.append(recording.id, fragments);
  }

  async #begin(recording: Recording, draft: Draft, addressing: Addressing): Promise<void> {
    const { archive, composer, sync } = this.#parts;
    const header = await composer.header(draft, addressing);
    archive.begin(header, { mine: 'talker', keeps: false });
    archive.append(recording.id, recording.early ?? []);
    recording.early = undefined;
    sync.announceOwn(header);
    void composer.prepare(addressing.recipients).catch(() => undefined);
  }

  /** It cannot be sealed for its recipients: nothing is kept of it, and the person learns that at once. */
  #fail(recording: Recording, error: Error): void {
    const { media, events } = this.#parts;
    if (!this.#recordings.delete(recording.id)) return;
    media.post({ type: 'talk-stop', id: recording.id });
    events.emit('talk', this.current);
    if (!(error instanceof CorridorError)) throw error;
    events.emit('talk-failed', textOfError(error));
  }

  async #ended({ id, failed }: Extract<WorkerEvent, { type: 'talk-ended' }>): Promise<void> {
    const recording = this.#find(id);
    if (recording) await this.#end(recording, failed);
  }

  /** The worker died: what was said until then is a message all the same. */
  async #interrupt(): Promise<void> {
    for (const recording of [...this.#recordings.values()]) await this.#end(recording, INTERRUPTED);
  }

  async #end(recording: Recording, failed: LocalizedText | null): Promise<void> {
    const { archive, composer, sync, events } = this.#parts;
    if (!this.#recordings.delete(recording.id)) return;
    events.emit('talk', this.current);
    if (failed !== null) events.emit('talk-failed', failed);
    await recording.begun;
    if (!archive.read.get(recording.id)) return;
    const manifest = composer.manifest(recording.id, recording.hash);
    sync.endOwn(manifest);
    await archive.end(manifest);
  }

  /** The recipients, and the switch that keeps the message for the office. */
  #targets(recipients: readonly NodeRecord[]): MediaAddress[] {
    const { office } = this.#parts;
    const { switchNode } = office;
    const nodes = new Set(recipients.map(({ node }) => node));
    const targets = recipients.map(({ node, endpoints }) => {
      const known = office.mediaAddressOf(node);
      return known ?? { address: endpoints.address, port: endpoints.media };
    });
    const store =
      switchNode === undefined || switchNode === office.self || nodes.has(switchNode)
        ? undefined
        : office.mediaAddressOf(switchNode);
    return store ? [...targets, store] : targets;
  }
}
