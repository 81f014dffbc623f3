import * as v from 'valibot';
import {
  commonProtocol,
  PROTOCOLS,
  type Fragment,
  type MessageId,
  type NodeId,
  type ProtocolRange,
} from '../../main/model/index.ts';
import { controlMessageSchema, type ControlLink, type ControlMessage } from '../../main/signalling/index.ts';

type Listener = Parameters<ControlLink['listen']>[0];
type CloseReason = Parameters<Listener['onClose']>[0];
type Arriving = (end: LinkEnd) => void;

/** As the real link: it asks for a sign of life at this interval, and ends after this long without one, ms. */
const PING_MS = 2000;
const DEAD_AFTER_MS = 6000;
/** How often a segment that was lost is sent again, ms. */
const AGAIN_MS = 250;

/** What a link needs of the network, each at its own end. */
export interface Wire {
  /** How long the next frame takes, ms. */
  delayMs(): number;
  /** Whether packets that were sent here reach the other end now. */
  isOpen(): boolean;
  /** Whether this end says that it is alive. */
  isAlive(): boolean;
  /** Lets something happen here later; never once this computer is off. */
  after(ms: number, run: () => void): void;
  /** A frame goes out, or fragments do. Returns the frame that goes out instead of it. */
  sent(frame: ControlMessage | undefined): ControlMessage | undefined;
  now(): number;
  unreadable(text: string, why: unknown): void;
}

/** One end of a control link: frames arrive in order, later, as the schema reads them; lost packets are sent again. */
export class LinkEnd {
  readonly peer: NodeId;
  readonly address: string;
  readonly #wire: Wire;
  #other: LinkEnd | undefined;
  #listener: Listener | undefined;
  #reason: CloseReason | undefined;
  #protocol: number | undefined;
  /** What is on its way to this end. */
  readonly #arriving: { readonly at: number; readonly take: Arriving }[] = [];
  #isPumping = false;
  #lastHeardMs: number;

  constructor(peer: NodeId, address: string, wire: Wire) {
    this.peer = peer;
    this.address = address;
    this.#wire = wire;
    this.#lastHeardMs = wire.now();
  }

  static join(one: LinkEnd, other: LinkEnd): void {
    one.#other = other;
    other.#other = one;
  }

  /** As the room sees it. The real link is a class over a TLS socket, and no other object counts as one to the compiler. */
  get asLink(): ControlLink {
    return this as unknown as ControlLink;
  }

  get closed(): boolean {
    return this.#reason !== undefined;
  }

  get protocol(): number | undefined {
    return this.#protocol;
  }

  get bufferedBytes(): number {
    return 0;
  }

  listen(listener: Listener): void {
    this.#listener = listener;
    if (this.#reason) return listener.onClose(this.#reason);
    this.#lastHeardMs = this.#wire.now();
    this.#wire.after(PING_MS, () => this.#tick());
    this.#pump();
  }

  settle(theirs: ProtocolRange | undefined): boolean {
    this.#protocol = commonProtocol(theirs);
    if (this.#protocol !== undefined) return true;
    const text = `This Corridor speaks protocol ${PROTOCOLS.min} to ${PROTOCOLS.max}`;
    this.send({ type: 'refuse', code: 'no-common-protocol', text, re: 'hello' });
    this.close();
    return false;
  }

  send(message: ControlMessage): boolean {
    if (this.closed) return false;
    const goes = this.#wire.sent(message);
    if (!goes) return true;
    const text = JSON.stringify(goes);
    this.#put((end) => end.#read(text));
    return true;
  }

  sendFragments(id: MessageId, fragments: Iterable<Fragment>): boolean {
    if (this.closed) return false;
    const copies = Array.from(fragments, ({ n, bytes }) => ({ n, bytes: Buffer.from(bytes) }));
    this.#wire.sent(undefined);
    this.#put((end) => end.#listener?.onFragments(id, copies));
    return true;
  }

  async drained(): Promise<void> {
    await new Promise<void>((resolve) => this.#wire.after(1, resolve));
  }

  close(): void {
    if (this.closed) return;
    this.#put((end) => end.#finish('peer-closed'));
    this.#finish('closed');
  }

  /** The connection breaks, at both ends. */
  break(): void {
    const other = this.#other;
    this.#wire.after(0, () => this.#finish('lost'));
    if (other) other.#wire.after(0, () => other.#finish('lost'));
  }

  /** This computer has no power any more: the other end hears nothing. */
  die(): void {
    this.#reason ??= 'lost';
  }

  /** This computer's system ends the connection of a program that has died. */
  reset(): void {
    if (!this.closed) this.#put((end) => end.#finish('lost'));
    this.#reason ??= 'lost';
  }

  #put(take: Arriving): void {
    const to = this.#other;
    if (!to) return;
    const last = to.#arriving.at(-1)?.at ?? 0;
    to.#arriving.push({ at: Math.max(last, this.#wire.now() + this.#wire.delayMs()), take });
    to.#pump();
  }

  #pump(): void {
    const [next] = this.#arriving;
    if (!next || !this.#listener || this.#isPumping || this.closed) return;
    this.#isPumping = true;
    this.#wire.after(next.at - this.#wire.now(), () => this.#arrive());
  }

  #arrive(): void {
    this.#isPumping = false;
    const [next] = this.#arriving;
    if (!next || this.closed) return;
    if (!this.#isHeard) {
      this.#isPumping = true;
      return this.#wire.after(AGAIN_MS, () => this.#arrive());
    }
    this.#arriving.shift();
    next.take(this);
    this.#pump();
  }

  get #isHeard(): boolean {
    const other = this.#other;
    return other !== undefined && other.#wire.isOpen();
  }

  get #isOtherAlive(): boolean {
    const other = this.#other;
    return other !== undefined && !other.closed && other.#wire.isAlive();
  }

  #read(text: string): void {
    let message: ControlMessage;
    try {
      message = v.parse(controlMessageSchema, JSON.parse(text));
    } catch (error) {
      return this.#wire.unreadable(text, error);
    }
    this.#listener?.onMessage(message);
  }

  #tick(): void {
    if (this.closed) return;
    const now = this.#wire.now();
    if (this.#isHeard && this.#isOtherAlive) this.#lastHeardMs = now;
    if (now - this.#lastHeardMs > DEAD_AFTER_MS) this.#finish('silent');
    else this.#wire.after(PING_MS, () => this.#tick());
  }

  #finish(reason: CloseReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#arriving.length = 0;
    this.#listener?.onClose(reason);
  }
}
