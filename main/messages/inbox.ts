import type { Identity } from '../identity/index.ts';
import {
  isPassing,
  type Clock,
  type Emitter,
  type Header,
  type MessageId,
  type NodeId,
  type Schedule,
} from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { Arriving } from './arriving.ts';
import { deliver, isHeardBy, isOverride, listenerFactsOf, type Delivery } from './delivery-policy.ts';
import type { MessageEvents } from './events.ts';
import type { LogOfPeers } from './log-of-peers.ts';
import type { Floor } from './floor.ts';
import { HandOn, type HandOnParts } from './hand-on.ts';
import { LeftElsewhere } from './left-elsewhere.ts';
import { NOTIFICATIONS_WITHIN_MS } from './limits.ts';
import { keyOf } from './message-key.ts';
import { ManifestWait } from './manifest-wait.ts';
import { NotificationRate } from './notification-rate.ts';
import { feedHeld } from './playout-feeder.ts';
import type { ListenerPort, MediaPort, OfficePort } from './ports.ts';
import type { ReceiptSync } from './receipt-sync.ts';
import type { Whereabouts } from './whereabouts.ts';

/** A message that ended this much before its header came was over by then: the clocks of two computers differ. Milliseconds. */
const CLOCKS_DIFFER_MS = 500;

interface InboxParts {
  readonly identity: Identity;
  readonly archive: Archive;
  readonly media: MediaPort;
  readonly office: OfficePort;
  readonly listener: ListenerPort;
  readonly receipts: ReceiptSync;
  readonly arriving: Arriving;
  readonly floor: Floor;
  readonly whereabouts: Whereabouts;
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
  readonly #manifestWait: ManifestWait;
  readonly #notifications = new NotificationRate();
  readonly #handOn: HandOn;
  /** Messages that this person hears at another of their computers. */
  readonly left: LeftElsewhere;

  constructor(parts: InboxParts) {
    this.#parts = parts;
    this.#manifestWait = new ManifestWait(parts.schedule);
    this.#handOn = new HandOn({ ...parts, keep: (id) => this.later(id) });
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
    return this.#deliver(header, false) === 'pass';
  }

  /**
   * Handles the first header of a message for this node.
   * @param isByLink it came over a link, not by datagram from its talker
   */
  async begin(message: StoredMessage, isByLink = false): Promise<void> {
    const { identity, media, office, listener, receipts, arriving, floor, log, events } = this.#parts;
    const { id } = message;
    const { facts: header } = message.header;
    const cameAt = this.#parts.clock.now();
    const key = await keyOf(identity, message).catch((error: Error) => {
      log.say(header.talker, `message ${id}: ${error.message}`);
      return undefined;
    });
    if (!key) return;
    if (isByLink && cameAt - header.startedAt >= CLOCKS_DIFFER_MS) await this.#manifestOf(header);
    if (!this.#parts.archive.read.get(id)) return;
    const ended = this.#wasOver(id, cameAt);
    const forwarded = header.forwardedFrom !== undefined;
    const isHandedOn = this.#handOn.takes(message);
    // Another computer of this person may have been faster.
    const isHeard = this.#parts.archive.read.get(id)?.local.heard !== undefined;
    const delivery = isHandedOn || isHeard ? 'notify' : this.#deliver(header, ended);
    const arrives = arriving.has(id);
    const play = delivery === 'play' && arrives;
    const gain = listener.gainOf(header);
    if (!ended && !forwarded && arrives && !header.words?.isAlone) {
      const talker = office.mediaAddressOf(header.talker) ?? null;
      media.post({ type: 'receive', id, ssrc: header.ssrc, key, play, gain, talker, ...soundOf(header) });
    }
    if (play) {
      this.#live.set(id, header);
      floor.take(id, isOverride(office, header) ? 'override' : header.page ? 'page' : 'voice');
      this.#catchUp(id);
      return;
    }
    if (delivery === 'queue' && floor.queue(id, header.talker)) {
      receipts.sendProgress(id, 'queued');
      events.emit('changed', undefined);
      return;
    }
    if (isHandedOn) return;
    if (delivery === 'leave') {
      this.left.leave(id);
      return;
    }
    this.#notify(id);
    receipts.sendProgress(id, 'notified');
  }

  /** To be called when the office is reachable: hands on messages that have waited since an earlier start. */
  resume(): void {
    this.#handOn.resume();
  }

  close(): void {
    this.#handOn.close();
    this.#manifestWait.close();
  }

  /** The manifest came. */
  ended(id: MessageId, count: number): void {
    this.#parts.media.post({ type: 'receive-end', id, count });
  }

  /** The whole message is on this disk: signs a receipt for the talker. */
  received(id: MessageId): void {
    this.#parts.receipts.sign(id, 'received');
  }

  /** It sounded by itself to its end. It counts as heard, or the person is notified of it if perhaps nobody was there. */
  sounded(id: MessageId): void {
    if (isHeardBy(this.#parts.listener)) this.heard(id);
    else this.#notify(id);
  }

  /** It is played no longer. The person is notified of it where they have not heard all of it, as far as it is for them. */
  putDown(id: MessageId): void {
    if (this.#live.has(id)) this.#liveEnded(id, false);
    else if (this.#parts.archive.read.get(id)?.roles.mine === 'recipient') this.#notify(id);
  }

  /** The person heard it: signs a receipt for the talker. */
  heard(id: MessageId): void {
    if (this.#parts.archive.markHeard(id)) this.#parts.receipts.sign(id, 'heard');
    this.#parts.events.emit('settled', id);
  }

  /** The person heard it at another of their computers: it leaves the queue and the notifications here. */
  heardElsewhere(id: MessageId, at?: NodeId): void {
    const { archive, floor, receipts, events } = this.#parts;
    // The talker does not know a computer that was granted the key here. This one, which the header names, signs for its person.
    const isGranted = archive.read.get(id)?.local.grants?.some(({ node }) => node === at) === true;
    if (!archive.markHeard(id)) return;
    if (isGranted) receipts.sign(id, 'heard');
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

  #deliver(header: Header, ended: boolean): Delivery {
    const { listener, office, floor, clock, whereabouts } = this.#parts;
    const elsewhere = whereabouts.elsewhere(listener.canPlay, clock.monotonic());
    return deliver({
      ...listenerFactsOf(listener, office, header),
      ...{ ended, forwarded: header.forwardedFrom !== undefined },
      isQuiet: header.isQuiet === true || header.words?.isAlone === true,
      kind: isPassing(header) ? 'passing-page' : header.page ? 'page' : 'message',
      ...{ isElsewhere: elsewhere !== undefined, hears: floor.hears, ageMs: clock.now() - header.startedAt },
    });
  }

  /** Waits for the manifest of a message whose header came late, and which would sound. Somebody may be speaking it still. */
  async #manifestOf(header: Header): Promise<void> {
    const isAwaited =
      !this.#parts.archive.read.get(header.id)?.manifest && this.#deliver(header, false) !== 'notify';
    if (isAwaited) await this.#manifestWait.passed();
  }

  /**
   * Whether the message had ended when its header came. The manifest of a very short message may be here as early, while the key is
   * unwrapped, but that message is live.
   */
  #wasOver(id: MessageId, headerCameAt: number): boolean {
    const end = this.#parts.archive.read.get(id)?.manifest?.facts.endedAt;
    return end !== undefined && headerCameAt - end >= CLOCKS_DIFFER_MS;
  }

  /**
   * Plays what came over a link while the key was unwrapped, or the manifest awaited: the beginning of the message, or all of a very
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
    if (this.#parts.archive.read.get(id)) {
      if (toTheEnd) this.sounded(id);
      else this.#notify(id);
    }
    this.#parts.events.emit('spoke', header.talker);
    this.#parts.floor.leave(id);
    this.#parts.events.emit('changed', undefined);
  }

  #notify(id: MessageId): void {
    const { archive, clock, events } = this.#parts;
    const message = archive.markNotified(id);
    if (!message) return;
    const { talker, startedAt } = message.header.facts;
    const now = clock.now();
    if (this.#notifications.mayRaise(talker, now)) events.emit('notification', message);
    // Messages that waited while this computer was away come all at once, which exceeds no talker's budget.
    else if (now - startedAt < NOTIFICATIONS_WITHIN_MS)
      events.emit('over', { node: talker, budget: 'notifications' });
  }
}

/** The fields of a header that the media worker needs to receive the message. */
function soundOf({ page, isMulticast }: Header) {
  return { ...isPage({ page }), ...(isMulticast && { isMulticast }) };
}

/** The field by which the media worker knows a page. */
export function isPage({ page }: Pick<Header, 'page'>): { readonly isPage?: true } {
  return page ? { isPage: true } : {};
}
