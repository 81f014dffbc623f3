import { signReceipt, unwrapMessageKey, type Identity } from '../identity/index.ts';
import type { MediaWorker, Target } from '../media/index.ts';
import type { ChosenPresence, Header, MessageId, ReceiptState, Signed, Receipt } from '../model/index.ts';
import type { MessageStore, StoredMessage } from '../store/index.ts';

export type Progress = 'hearing' | 'notified';

export interface IncomingHandlers {
  presence(): ChosenPresence;
  /** Whether there is a loudspeaker to be heard from. */
  canSound(): boolean;
  /** Where the talker's media socket is, as far as is known. */
  talkerTarget(header: Header): Target | undefined;
  receipt(signed: Signed, facts: Receipt): void;
  /** Tells the talker what became of the message here, while it is still being spoken. */
  progress(id: MessageId, state: Progress): void;
  notify(message: StoredMessage): void;
  log(line: string): void;
}

/** Older messages are not played by themselves: whoever comes back is told of them instead. */
const LIVE_WITHIN_MS = 15_000;

/** Messages for this node's person: heard live, or announced and kept until they are played. */
export class Incoming {
  readonly #identity: Identity;
  readonly #store: MessageStore;
  readonly #media: MediaWorker;
  readonly #handlers: IncomingHandlers;
  /** Sounding as they are spoken, the newest last. */
  readonly #live = new Map<MessageId, Header>();

  constructor(identity: Identity, store: MessageStore, media: MediaWorker, handlers: IncomingHandlers) {
    this.#identity = identity;
    this.#store = store;
    this.#media = media;
    this.#handlers = handlers;
  }

  /** Who speaks to me now, the newest first. */
  get speaking(): readonly Header[] {
    return [...this.#live.values()].reverse();
  }

  /**
   * A header for this node, for the first time. `ended`: its manifest is known already, so nothing of it is live.
   */
  async begin(message: StoredMessage, ended: boolean): Promise<void> {
    const { facts: header } = message.header;
    const key = await unwrapMessageKey(this.#identity, header).catch((error: Error) => {
      this.#handlers.log(`message ${message.id}: ${error.message}`);
      return undefined;
    });
    if (!key) return;
    // What is handed on was spoken before: it never breaks in, it is there to be played.
    const isSpoken = !ended && header.forwardedFrom === undefined;
    const isFresh = isSpoken && Date.now() - header.startedAt < LIVE_WITHIN_MS;
    const play = isFresh && this.#handlers.presence() === 'available' && this.#handlers.canSound();
    if (isSpoken) {
      const talker = this.#handlers.talkerTarget(header) ?? null;
      this.#media.post({ type: 'receive', id: message.id, ssrc: header.ssrc, key, play, talker });
    }
    if (play) {
      this.#live.set(message.id, header);
      this.#overtaken(message.id);
      return;
    }
    this.#notify(message);
    this.#handlers.progress(message.id, 'notified');
  }

  /** A very short message may have ended, and arrived by another way, while its key was being unwrapped. */
  #overtaken(id: MessageId): void {
    const manifest = this.#store.get(id)?.manifest;
    if (!manifest) return;
    this.#store.stream(id, 0, (fragments) => this.#media.post({ type: 'feed', id, fragments }));
    this.ended(id, manifest.facts.count);
  }

  /** Its first sound went to the loudspeaker: only now the talker may be told that it is heard. */
  sounding(id: MessageId): void {
    if (this.#live.has(id)) this.#handlers.progress(id, 'hearing');
  }

  /** Fragments that came by another way than the worker's own socket, for a message that sounds now. */
  isLive(id: MessageId): boolean {
    return this.#live.has(id);
  }

  /** The manifest came. */
  ended(id: MessageId, count: number): void {
    this.#media.post({ type: 'receive-end', id, count });
  }

  /** It sounded to its end as it was spoken. */
  heardLive(id: MessageId, toTheEnd: boolean): void {
    if (!this.#live.delete(id)) return;
    const message = this.#store.get(id);
    if (!message) return;
    if (toTheEnd) this.heard(id);
    else this.#notify(message);
  }

  /** It was deleted: it sounds no more, and what is still to come of it is fetched from a store. */
  silence(id: MessageId): void {
    if (this.#live.delete(id)) this.#media.post({ type: 'forget', id });
  }

  /** A person heard it: said to the talker, signed. */
  heard(id: MessageId): void {
    const message = this.#store.get(id);
    if (message?.roles.mine !== 'recipient' || message.local.heard !== undefined) return;
    this.#store.setLocal(id, { heard: Date.now() });
    this.#sign(id, 'heard');
  }

  /** All of it is on this disk. */
  received(id: MessageId): void {
    this.#sign(id, 'received');
  }

  /** The worker died: what sounded is announced instead, so that it can be played again. */
  workerLost(): void {
    for (const id of [...this.#live.keys()]) this.heardLive(id, false);
  }

  #notify(message: StoredMessage): void {
    const { heard, notifiedAt, deletedAt } = message.local;
    if (heard !== undefined || notifiedAt !== undefined || deletedAt !== undefined) return;
    this.#store.setLocal(message.id, { notifiedAt: Date.now() });
    this.#handlers.notify(this.#store.get(message.id) ?? message);
  }

  #sign(id: MessageId, state: ReceiptState): void {
    const receipt: Receipt = { v: 1, id, node: this.#identity.nodeId, state, at: Date.now() };
    const signed = signReceipt(this.#identity, receipt);
    if (this.#store.setReceipt(signed, receipt)) this.#handlers.receipt(signed, receipt);
  }
}
