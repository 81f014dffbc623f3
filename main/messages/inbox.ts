import type { Identity } from '../identity/index.ts';
import {
  isPassing,
  type Clock,
  type Emitter,
  type Header,
  type MessageId,
  type NodeId,
  type Schedule,
  isAlone,
} from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive, HowHeard } from './archive.ts';
import type { Arriving } from './arriving.ts';
import { deliver, isHeardBy, isOverride, listenerFactsOf, type Delivery } from './delivery-policy.ts';
import type { MessageEvents } from './events.ts';
import type { LogOfPeers } from './log-of-peers.ts';
import type { Floor } from './floor.ts';
import { HandOn, type HandOnParts } from './hand-on.ts';
import { soundOf } from './header-sound.ts';
import { LeftElsewhere } from './left-elsewhere.ts';
import { keyOf } from './message-key.ts';
import { Notices } from './notices.ts';
import { feedHeld } from './playout-feeder.ts';
import type { ListenerPort, MediaPort, OfficePort } from './ports.ts';
import { Queue } from './queue.ts';
import type { ReadAloud } from './read-aloud.ts';
import type { ReceiptSync } from './receipt-sync.ts';
import { isYoung, type SpokenNow } from './spoken-now.ts';
import { stopReceiving } from './stop-receiving.ts';
import type { Whereabouts } from './whereabouts.ts';

interface InboxParts {
  readonly identity: Identity;
  readonly archive: Archive;
  readonly media: MediaPort;
  readonly office: OfficePort;
  readonly listener: ListenerPort;
  readonly receipts: ReceiptSync;
  readonly arriving: Arriving;
  readonly spoken: SpokenNow;
  readonly floor: Floor;
  readonly whereabouts: Whereabouts;
  readonly aloud: ReadAloud;
  readonly forward: HandOnParts['forward'];
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: LogOfPeers;
}

/** Messages for this node's person: heard live, queued behind what is heard, or announced and kept until they are played. */
export class Inbox {
  readonly #parts: InboxParts;
  /** Messages that sound live, the newest last. */
  readonly #live = new Map<MessageId, Header>();
  readonly #notices: Notices;
  readonly #handOn: HandOn;
  readonly #queue: Queue;
  /** Messages that this person hears at another of their computers. */
  readonly left: LeftElsewhere;

  constructor(parts: InboxParts) {
    this.#parts = parts;
    this.#notices = new Notices({ ...parts, isFresh: (id) => parts.spoken.isFresh(id) });
    this.#handOn = new HandOn({ ...parts, keep: (id) => this.later(id) });
    this.#queue = new Queue({ ...parts, read: parts.archive.read });
    this.left = new LeftElsewhere({ ...parts, read: parts.archive.read, notify: (id) => this.later(id) });
    const { media, events } = parts;
    media.on('sounding', ({ id, live }) => {
      this.#sounding(id as MessageId);
      events.emit('sounding', { id: id as MessageId, live });
    });
    media.on('playback-ended', ({ id, reason }) => this.#liveEnded(id as MessageId, reason === 'end'));
    media.on('crashed', () => {
      for (const id of [...parts.floor.waiting, ...this.#live.keys()]) this.giveWay(id);
    });
  }

  /** Headers of the messages that sound now, as they are spoken; the newest first. */
  get speaking(): readonly Header[] {
    return [...this.#live.values()].reverse();
  }

  isLive(id: MessageId): boolean {
    return this.#live.has(id);
  }

  /**
   * Whether it is a page that this person does not hear, and that nobody keeps for them. A page that was let in stays, whatever
   * comes after it.
   */
  passes(header: Header): boolean {
    return this.#deliver(header, true) === 'pass';
  }

  /**
   * Handles the first header of a message for this node.
   * @param isByLink it came over a link, not by datagram from its talker
   */
  async begin(message: StoredMessage, isByLink = false): Promise<void> {
    const { identity, media, office, listener, receipts, arriving, floor, aloud, log, events } = this.#parts;
    const { id } = message;
    const { facts: header } = message.header;
    const shown = isByLink ? this.#isSpoken(header) : true;
    const key = await keyOf(identity, message).catch((error: Error) => {
      log.say(header.talker, `message ${id}: ${error.message}`);
      return undefined;
    });
    if (!key) return;
    const isSpoken = (await shown) && header.again === undefined;
    if (isSpoken && isAlone(header) && this.#mayBeSpoken(header)) await aloud.prepare(message);
    const now = this.#parts.archive.read.get(id);
    if (!now) return;
    // The end of a very short one may be here as early, while the key is unwrapped.
    const isOver = now.manifest !== undefined && !isSpoken;
    const forwarded = header.forwardedFrom !== undefined;
    const isHandedOn = this.#handOn.takes(message);
    // Another computer of this person may have been faster.
    const delivery =
      isHandedOn || now.local.heard !== undefined
        ? 'notify'
        : this.#deliver(header, isSpoken && isYoung(now));
    // Words come at once. Whoever was removed while they were made to sound is heard no more.
    const arrives = isAlone(header) ? office.isMember(header.talker) : arriving.has(id);
    const play = delivery === 'play' && arrives;
    const gain = listener.gainOf(header);
    if (!isOver && !forwarded && arrives && !isAlone(header)) {
      const talker = office.mediaAddressOf(header.talker) ?? null;
      media.post({ type: 'receive', id, ssrc: header.ssrc, key, play, gain, talker, ...soundOf(header) });
    }
    if (play) {
      this.#live.set(id, header);
      floor.take(id, isOverride(office, header) ? 'override' : header.page ? 'page' : 'voice');
      if (isAlone(header)) this.speak(header, { isTurn: false });
      else this.#catchUp(id);
      events.emit('changed', undefined);
      return;
    }
    if (delivery === 'queue' && this.#queue.take(header)) return;
    aloud.drop(id);
    if (delivery === 'leave') this.left.leave(id);
    else if (!isHandedOn) {
      this.#notify(id);
      receipts.sendProgress(id, 'notified');
    }
  }

  /** To be called when the office is reachable: hands on messages that have waited since an earlier start. */
  resume(): void {
    this.#handOn.resume();
  }

  close(): void {
    this.#handOn.close();
    this.#parts.spoken.close();
  }

  /** The manifest came. */
  ended(id: MessageId, count: number): void {
    this.#parts.media.post({ type: 'receive-end', id, count });
  }

  /** A voice of this computer speaks a message of words alone as if they came now. `isTurn`: they waited for it. */
  speak(header: Header, { isTurn }: { readonly isTurn: boolean }): void {
    const { aloud, listener } = this.#parts;
    if (!aloud.has(header.id)) return;
    this.#live.set(header.id, header);
    aloud.start(header, listener.gainOf(header), isTurn);
  }

  /** The whole message is on this disk: signs a receipt for the talker. */
  received(id: MessageId): void {
    this.#parts.receipts.sign(id, 'received');
  }

  /** It sounded by itself to its end. It counts as heard, or the person is notified of it if perhaps nobody was there. */
  sounded(id: MessageId, how: HowHeard = {}): void {
    if (isHeardBy(this.#parts.listener)) this.heard(id, how);
    else this.#notify(id);
  }

  /** It is played no longer. The person is notified of it where they have not heard all of it, as far as it is for them. */
  putDown(id: MessageId): void {
    if (this.#live.has(id)) return this.#liveEnded(id, false);
    stopReceiving(this.#parts, id);
    if (this.#parts.archive.read.get(id)?.roles.mine === 'recipient') this.#notify(id);
  }

  /** The person heard it, or has read it: signs a receipt for the talker. */
  heard(id: MessageId, how: HowHeard = {}): void {
    const { archive, floor, receipts, events } = this.#parts;
    if (archive.markHeard(id)) void receipts.signHeard(id, how);
    floor.drop(id);
    events.emit('settled', id);
  }

  /** The person heard it at another of their computers: it leaves the queue and the notifications here. */
  heardElsewhere(id: MessageId, at?: NodeId): void {
    const { archive, floor, receipts, events } = this.#parts;
    // The talker does not know a computer that was granted the key here. This one, which the header names, signs for its person.
    const isGranted = archive.read.get(id)?.local.grants?.some(({ node }) => node === at) === true;
    if (!archive.markHeard(id)) return;
    if (isGranted) void receipts.signHeard(id);
    floor.drop(id);
    this.left.done(id);
    events.emit('settled', id);
    events.emit('changed', undefined);
  }

  /** It was deleted: it stops sounding, and the rest of it is fetched from a store. */
  silence(id: MessageId): void {
    const { floor, media } = this.#parts;
    if (this.#live.delete(id)) media.post({ type: 'forget', id });
    floor.drop(id);
    floor.leave(id);
    this.left.done(id);
  }

  /** Ends live play of a message, or its wait for a turn: the person is notified of it. */
  giveWay(id: MessageId): void {
    if (this.#live.has(id)) this.#liveEnded(id, false);
    else if (this.#parts.floor.waiting.includes(id)) this.later(id);
  }

  /** Takes a message out of the queue: the person is notified of it. */
  later(id: MessageId): void {
    const { floor, archive, events } = this.#parts;
    floor.drop(id);
    if (archive.read.get(id)) this.#notify(id);
    floor.leave(id);
    events.emit('changed', undefined);
  }

  /** Whether words alone would sound now, or wait for their turn, if a voice of this computer speaks them. */
  #mayBeSpoken(header: Header): boolean {
    return ['play', 'queue'].includes(this.#deliver(header, true, true));
  }

  /** @param canSpeak words alone sound where a voice of this computer has made them ready */
  #deliver(header: Header, isSpoken: boolean, canSpeak = this.#parts.aloud.has(header.id)): Delivery {
    const { listener, office, floor, clock, whereabouts } = this.#parts;
    const elsewhere = whereabouts.elsewhere(listener.canPlay, clock.monotonic());
    return deliver({
      ...listenerFactsOf(listener, office, header),
      ...{ isSpoken, forwarded: header.forwardedFrom !== undefined },
      // Whether they are spoken where the person is, that computer knows.
      isQuiet: header.isQuiet === true || (isAlone(header) && !canSpeak && elsewhere === undefined),
      kind: isPassing(header) ? 'passing-page' : header.page ? 'page' : 'message',
      ...{ isElsewhere: elsewhere !== undefined, hears: floor.hears },
    });
  }

  /** Whether somebody is speaking a message whose header came over a link. Waits for signs of it only where it would sound. */
  async #isSpoken(header: Header): Promise<boolean> {
    return this.#deliver(header, true, true) !== 'notify' && this.#parts.spoken.shown(header);
  }

  /**
   * Plays what came over a link while the key was unwrapped, or signs of speech were awaited: the beginning of the message, or all of a very
   * short one. What comes from now on is played as it comes.
   */
  #catchUp(id: MessageId): void {
    const { archive, media } = this.#parts;
    const manifest = archive.read.get(id)?.manifest;
    feedHeld(archive.read, media, id);
    if (manifest) this.ended(id, manifest.facts.count);
  }

  /** The loudspeaker got its first sound: reports to the talker that it is heard. */
  #sounding(id: MessageId): void {
    const { archive, receipts } = this.#parts;
    const message = archive.read.get(id);
    const isSpokenToMe = message?.roles.mine === 'recipient' && message.manifest === undefined;
    if (this.#live.has(id) || isSpokenToMe) receipts.sendProgress(id, 'hearing');
  }

  /** Live play has ended: the message came to its end, or was cut short. */
  #liveEnded(id: MessageId, toTheEnd: boolean): void {
    const header = this.#live.get(id);
    if (!header) return;
    this.#live.delete(id);
    stopReceiving(this.#parts, id);
    if (this.#parts.archive.read.get(id)) {
      if (toTheEnd) this.sounded(id, { isSpoken: isAlone(header) });
      else this.#notify(id);
    }
    this.#parts.events.emit('spoke', header.talker);
    this.#parts.floor.leave(id);
    this.#parts.events.emit('changed', undefined);
  }

  #notify(id: MessageId): void {
    const { aloud, receipts } = this.#parts;
    const wasAloud = aloud.drop(id);
    // Its talker was told that it sounds here, or is about to, and no end of theirs takes that back.
    if (this.#notices.raise(id) && wasAloud) receipts.sendProgress(id, 'notified');
  }
}
