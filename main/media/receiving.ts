import { randomBytes } from 'node:crypto';
import { Hold, HOLD_MS } from './hold.ts';
import type { MessageKey, Target, WorkerEvent } from './protocol.ts';
import { ReceiveSession } from './receive-session.ts';
import { ssrcOf } from './rtp.ts';

const PASS_ON_EVERY_MS = 50;

export interface ReceivingParts {
  readonly send: (packet: Uint8Array, to: Target) => void;
  readonly emit: (event: WorkerEvent) => void;
  readonly clock: () => number;
  /** The first packet of a message nobody knows yet: its header and key are likely to follow. */
  readonly onUnknown: () => void;
  /** An opened Opus frame of a message. */
  readonly onFrame: (id: string, n: number, opusFrame: Uint8Array, at: number) => void;
}

export interface Expected {
  readonly id: string;
  readonly ssrc: number;
  readonly key: MessageKey | null;
  readonly talker: Target | null;
}

/** All messages on their way in: finds each packet's session, or holds it until there is one. */
export class Receiving {
  readonly #parts: ReceivingParts;
  readonly #hold = new Hold();
  readonly #byId = new Map<string, ReceiveSession>();
  readonly #bySsrc = new Map<number, ReceiveSession>();
  #askTimer: NodeJS.Timeout | undefined;
  #askAt = Infinity;
  #passOnTimer: NodeJS.Timeout | undefined;
  #holdTimer: NodeJS.Timeout | undefined;

  constructor(parts: ReceivingParts) {
    this.#parts = parts;
  }

  /** From now on packets of this message are taken, those held first. */
  expect({ id, ssrc, key, talker }: Expected): void {
    let session = this.#byId.get(id);
    if (!session || (key && !session.canOpen)) {
      session = new ReceiveSession({
        id,
        ssrc,
        key,
        senderSsrc: randomBytes(4).readUInt32BE(0),
        send: this.#parts.send,
        onFrame: (n, frame, at) => this.#parts.onFrame(id, n, frame, at),
      });
      this.#byId.set(id, session);
      this.#bySsrc.set(ssrc, session);
    }
    session.setTalker(talker);
    // With the key a fragment proves itself; without it, its source is all there is.
    const held = this.#hold.take(ssrc, key ? null : (talker?.address ?? null), this.#parts.clock());
    for (const { packet, from, at } of held) this.#give(session, packet, from, at);
  }

  /** A packet with the form of a fragment. Returns why it was dropped. */
  receive(packet: Uint8Array, from: Target): string | undefined {
    const now = this.#parts.clock();
    const session = this.#bySsrc.get(ssrcOf(packet));
    if (session) return this.#give(session, packet, from, now);
    const outcome = this.#hold.put(packet, from, now);
    this.#holdTimer ??= setTimeout(() => this.#expireHold(), HOLD_MS + 1);
    if (outcome === 'new') this.#parts.onUnknown();
    return outcome === 'full' ? 'hold is full' : undefined;
  }

  end(id: string, count: number): void {
    const session = this.#byId.get(id);
    if (!session) return;
    session.end(count, this.#parts.clock());
    this.#ask(session);
  }

  forget(id: string): void {
    const session = this.#byId.get(id);
    if (!session) return;
    this.#passOn();
    this.#byId.delete(id);
    if (this.#bySsrc.get(session.ssrc) === session) this.#bySsrc.delete(session.ssrc);
  }

  close(): void {
    this.#passOn();
    clearTimeout(this.#askTimer);
    clearTimeout(this.#holdTimer);
    this.#byId.clear();
    this.#bySsrc.clear();
  }

  #give(session: ReceiveSession, packet: Uint8Array, from: Target, at: number): string | undefined {
    const refusal = session.receive(packet, from, at);
    // A second copy is what resending brings along.
    if (refusal !== undefined) return refusal === 'replayed' ? undefined : refusal;
    this.#passOnTimer ??= setTimeout(() => this.#passOn(), PASS_ON_EVERY_MS);
    this.#ask(session);
    return undefined;
  }

  #ask(session: ReceiveSession): void {
    const next = session.ask(this.#parts.clock());
    if (next === undefined || next >= this.#askAt) return;
    this.#askAt = next;
    clearTimeout(this.#askTimer);
    this.#askTimer = setTimeout(() => this.#askAll(), Math.max(1, next - this.#parts.clock()));
  }

  #askAll(): void {
    this.#askAt = Infinity;
    for (const session of this.#byId.values()) this.#ask(session);
  }

  #passOn(): void {
    clearTimeout(this.#passOnTimer);
    this.#passOnTimer = undefined;
    for (const session of this.#byId.values()) {
      const fragments = session.takePending();
      if (fragments.length > 0) this.#parts.emit({ type: 'received', id: session.id, fragments });
    }
  }

  #expireHold(): void {
    this.#hold.expire(this.#parts.clock());
    this.#holdTimer = this.#hold.bytes > 0 ? setTimeout(() => this.#expireHold(), HOLD_MS + 1) : undefined;
  }
}
