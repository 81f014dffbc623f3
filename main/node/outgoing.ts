import { randomBytes } from 'node:crypto';
import { localizedText, type LocalizedText } from '../../i18n/index.ts';
import {
  prepareWrap,
  signHeader,
  signManifest,
  wrapMessageKey,
  FragmentHash,
  type Identity,
  type PreparedWrap,
} from '../identity/index.ts';
import type { MediaWorker, Target, WorkerEvent } from '../media/index.ts';
import {
  CorridorError,
  FRAME_MS,
  fromBase64url,
  MASTER_KEY_BYTES,
  MASTER_SALT_BYTES,
  newMessageId,
  toBase64url,
  type Fragment,
  type Header,
  type Manifest,
  type MessageId,
  type NodeId,
  type NodeRecord,
  type Signed,
} from '../model/index.ts';
import type { MessageStore } from '../store/index.ts';

/** For so many colleagues a key wrap is kept ready: 2 ms of work each, and a few hundred bytes. */
const MAX_PREPARED = 50;
const CUT = localizedText(
  'talk-cut',
  'The sound stopped working for a moment. What you said until then was sent.',
);

/** What the microphone's owner is saying now, or said last and is still being finished. */
export interface Talk {
  readonly id: MessageId;
  readonly to: string;
  readonly startedAt: number;
  readonly recipients: readonly NodeRecord[];
  /** Key up came, or the recording ended; the tail is still on its way. */
  released: boolean;
}

export interface OutgoingHandlers {
  /** Where fragments for the office's store go; undefined while nobody is the switch or this node is. */
  switchTarget(): Target | undefined;
  announce(header: Signed, facts: Header): void;
  end(manifest: Signed, facts: Manifest): void;
  changed(talk: Talk | undefined): void;
  capturing(id: MessageId): void;
  failed(talk: Talk, why: LocalizedText): void;
}

interface Running extends Talk {
  readonly ssrc: number;
  readonly hash: FragmentHash;
  /** Own fragments that came before the header was signed. */
  early: Fragment[];
  begun: boolean;
  ready: Promise<void>;
}

/**
 * Messages on their way out. At key down the worker is set going first: fragments fly while keys are still being
 * wrapped, and receivers hold them until the header is there.
 */
export class Outgoing {
  readonly #identity: Identity;
  readonly #store: MessageStore;
  readonly #media: MediaWorker;
  readonly #handlers: OutgoingHandlers;
  readonly #prepared = new Map<NodeId, PreparedWrap>();
  /** Those that are not finished: one is being spoken at most, others still have their last word recorded. */
  readonly #running = new Map<MessageId, Running>();

  constructor(identity: Identity, store: MessageStore, media: MediaWorker, handlers: OutgoingHandlers) {
    this.#identity = identity;
    this.#store = store;
    this.#media = media;
    this.#handlers = handlers;
  }

  /** The one that is being spoken, else the one that is being finished. */
  get current(): Talk | undefined {
    return this.#spoken ?? [...this.#running.values()].pop();
  }

  get #spoken(): Running | undefined {
    for (const running of this.#running.values()) if (!running.released) return running;
    return undefined;
  }

  /**
   * Key down.
   * @param pcm a recording (48 kHz, mono) to speak instead of the microphone's sound
   * @throws CorridorError `already-talking`
   */
  press(recipients: readonly NodeRecord[], from: string, to: string, pcm?: Int16Array): Talk {
    if (this.#spoken) {
      throw new CorridorError('already-talking', 'You are talking already. Let go of the key first.');
    }
    const id = newMessageId();
    const ssrc = randomBytes(4).readUInt32BE(0);
    const masterKey = randomBytes(MASTER_KEY_BYTES);
    const masterSalt = randomBytes(MASTER_SALT_BYTES);
    const startedAt = Date.now();
    this.#media.post({
      type: 'talk',
      id,
      ssrc,
      key: { masterKey, masterSalt },
      targets: this.#targets(recipients),
      keyDownAt: performance.timeOrigin + performance.now(),
      ...(pcm ? { pcm } : {}),
    });
    const running: Running = {
      id,
      to,
      startedAt,
      recipients,
      released: false,
      ssrc,
      hash: new FragmentHash(),
      early: [],
      begun: false,
      ready: Promise.resolve(),
    };
    this.#running.set(id, running);
    running.ready = this.#begin(running, from, Buffer.concat([masterKey, masterSalt]));
    this.#handlers.changed(running);
    return running;
  }

  /** Key up. Nothing happens where nobody talks. */
  release(): MessageId | undefined {
    const running = this.#spoken;
    if (!running) return this.current?.id;
    running.released = true;
    this.#media.post({ type: 'talk-stop', id: running.id });
    this.#handlers.changed(running);
    return running.id;
  }

  /** The switch changed while talking: the rest goes to the new one. */
  retarget(): void {
    for (const { id, recipients } of this.#running.values()) {
      this.#media.post({ type: 'talk-targets', id, targets: this.#targets(recipients) });
    }
  }

  /** Does the slow half of the next key wraps, one's own among them, while nobody waits for it. */
  async prepare(recipients: readonly NodeRecord[]): Promise<void> {
    const own = { node: this.#identity.nodeId, hpkeKey: toBase64url(this.#identity.hpkePublicKey) };
    for (const { node, hpkeKey } of [own, ...recipients.slice(0, MAX_PREPARED)]) {
      if (!this.#prepared.has(node)) this.#prepared.set(node, await prepareWrap(fromBase64url(hpkeKey)));
    }
  }

  /** The worker died: what was said until then is a message all the same. */
  async workerLost(): Promise<void> {
    for (const running of [...this.#running.values()]) await this.#end(running, CUT);
  }

  async onWorker(event: WorkerEvent): Promise<void> {
    const running = 'id' in event ? this.#running.get(event.id as MessageId) : undefined;
    if (!running) return;
    if (event.type === 'capturing') this.#handlers.capturing(running.id);
    else if (event.type === 'talk-fragments') this.#keep(running, event.fragments);
    else if (event.type === 'talk-ended') await this.#end(running, event.failed);
  }

  #keep(running: Running, fragments: readonly Fragment[]): void {
    for (const fragment of fragments) running.hash.add(fragment.bytes);
    if (running.begun) this.#store.append(running.id, fragments);
    else running.early.push(...fragments);
  }

  async #begin(running: Running, from: string, key: Buffer): Promise<void> {
    const { id, to, ssrc, startedAt, recipients } = running;
    const talker = this.#identity.nodeId;
    const own = { node: talker, hpkeKey: this.#identity.hpkePublicKey };
    const readers = [
      ...recipients.map(({ node, hpkeKey }) => ({ node, hpkeKey: fromBase64url(hpkeKey) })),
      own,
    ];
    const keys = await Promise.all(
      readers.map(({ node, hpkeKey }) =>
        wrapMessageKey(key, {
          id,
          talker,
          recipient: node,
          recipientHpkeKey: hpkeKey,
          prepared: this.#take(node),
        }),
      ),
    );
    const header: Header = {
      v: 1,
      id,
      talker,
      from,
      to,
      ssrc,
      startedAt,
      recipients: recipients.map((record) => record.node),
      keys,
    };
    const signed = signHeader(this.#identity, header);
    this.#store.begin(signed, header, { mine: 'talker', keeps: false });
    this.#store.append(id, running.early);
    running.early = [];
    running.begun = true;
    this.#handlers.announce(signed, header);
    void this.prepare(recipients).catch(() => undefined);
  }

  async #end(running: Running, failed: LocalizedText | null): Promise<void> {
    if (!this.#running.delete(running.id)) return;
    this.#handlers.changed(this.current);
    if (failed !== null) this.#handlers.failed(running, failed);
    await running.ready;
    const { id, hash } = running;
    const manifest: Manifest = {
      v: 1,
      id,
      talker: this.#identity.nodeId,
      count: hash.count,
      hash: hash.digest(),
      durationMs: hash.count * FRAME_MS,
      endedAt: Date.now(),
    };
    const signed = signManifest(this.#identity, manifest);
    this.#handlers.end(signed, manifest);
    await this.#store.setManifest(id, signed, manifest);
  }

  #take(node: NodeId): PreparedWrap | undefined {
    const prepared = this.#prepared.get(node);
    this.#prepared.delete(node);
    return prepared;
  }

  #targets(recipients: readonly NodeRecord[]): Target[] {
    const targets = recipients.map(({ endpoints }) => ({
      address: endpoints.address,
      port: endpoints.media,
    }));
    const store = this.#handlers.switchTarget();
    const known =
      store && targets.some(({ address, port }) => address === store.address && port === store.port);
    return store && !known ? [...targets, store] : targets;
  }
}
