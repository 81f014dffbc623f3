import {
  COMPARE_WITHIN_MS,
  Comparison,
  endedText,
  isShownRequests,
  JOIN_EXPORTER_LABEL,
  refusedFrame,
  signCard,
  type HostStep,
  type Identity,
  type JoinRequest,
  type PersonId,
  type Place,
  type RequestBook,
} from '../identity/index.ts';
import { CorridorError, type NodeId } from '../model/index.ts';
import type { LocalizedText } from '../../i18n/index.ts';
import type { ControlLink, ControlMessage, ControlMessageOf } from '../signalling/index.ts';
import type { OfficeLedger } from './office-ledger.ts';
import type { OfficePorts } from './ports.ts';

const NONCE_BYTES = 16;
const TICK_MS = 1_000;
/** Whoever is connected, and neither waits for an answer nor compares, goes after this. */
const IDLE_MS = 10_000;

export interface ReceptionParts extends OfficePorts {
  readonly identity: Pick<Identity, 'nodeId' | 'sign' | 'signingKeySpki' | 'hpkePublicKey'>;
  readonly ledger: OfficeLedger;
  readonly book: RequestBook;
  /** Where this node takes control links. */
  readonly place: () => Place;
  /** Tells all members that are connected, but not that one. */
  readonly spread: (frame: ControlMessageOf<'asked' | 'answered'>, except?: ControlLink) => void;
  /** Somebody asks whom this node's person is shown. */
  readonly came: (request: JoinRequest) => void;
  /** What is shown has changed. */
  readonly changed: () => void;
  /** Why a comparison that the person began came to nothing. */
  readonly trouble: (text: LocalizedText | undefined) => void;
}

/** A request as this node's person sees it. */
export interface ShownRequest extends JoinRequest {
  readonly state: 'waiting' | 'comparing' | 'agreed';
  readonly digits: string | undefined;
}

/** Somebody at the door: no member, known by their key alone. */
interface Guest {
  readonly link: ControlLink;
  readonly sinceMs: number;
  /** Its request was asked here, and waits. */
  isAsking: boolean;
  comparison: Comparison | undefined;
  digits: string | undefined;
  isAgreed: boolean;
}

/**
 * Where outsiders ask to be let in. Whoever asks here is told to all members; whose person chooses to compare says so, and the
 * newcomer comes to that node by a link of its own. Nobody is let in unless both people say that the digits are the same.
 */
export class Reception {
  readonly #parts: ReceptionParts;
  readonly #guests = new Map<ControlLink, Guest>();
  /** Whom this node's person wants to compare with, and since when. */
  readonly #expected = new Map<NodeId, number>();
  #cancelTick: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
    this.#tickLater();
  }

  /** An outsider has connected. */
  accept(link: ControlLink): void {
    const sinceMs = this.#now;
    const guest: Guest = {
      ...{ link, sinceMs, isAsking: false, comparison: undefined },
      ...{ digits: undefined, isAgreed: false },
    };
    this.#guests.set(link, guest);
    link.listen({
      onMessage: (message) => this.#take(guest, message),
      onFragments: () => link.close(),
      onClose: () => this.#gone(guest),
    });
    this.#tickLater();
  }

  /** Those that wait for this node's person. */
  get shown(): ShownRequest[] {
    const { book, ledger, identity } = this.#parts;
    const isOpen = book.openUntilMs(this.#now) !== undefined;
    if (!isShownRequests(ledger.standing, identity.nodeId, isOpen)) return [];
    return book.requests(this.#now).map((request) => {
      const guest = this.#comparing(request.node);
      const state = guest?.isAgreed ? 'agreed' : request.isCompared ? 'comparing' : 'waiting';
      return { ...request, state, digits: guest?.digits };
    });
  }

  // ---- what this node's person does

  /** @throws CorridorError `no-such-request` */
  compare(node: NodeId): void {
    const { book, place, spread, trouble, changed } = this.#parts;
    book.compare(node, this.#now);
    trouble(undefined);
    this.#expected.set(node, this.#now);
    const guest = this.#asking(node);
    if (guest) guest.link.send({ type: 'go' });
    // Where it asked at another node, that one sends it here; where it asked here, colleagues need not look after it.
    spread({ type: 'answered', node, place: place() });
    changed();
  }

  /**
   * Lets the computer in. Resolves when its admission is on this computer's disk and it is told.
   * @param person whose further computer it is, or who comes back; left out: somebody new
   * @throws CorridorError `no-such-request`, `not-compared`
   */
  async admit(node: NodeId, person?: PersonId): Promise<void> {
    const { ledger, book, changed } = this.#parts;
    const guest = this.#comparing(node);
    if (!guest?.comparison) {
      const isHere = book.requests(this.#now).some((request) => request.node === node);
      throw isHere
        ? new CorridorError('not-compared', 'First compare the six digits on both screens.')
        : noSuchRequest();
    }
    const { comparison } = guest;
    const as = person === undefined ? {} : { person };
    const { frames } = await ledger
      .let(() => comparison.letIn(this.#now, as))
      .catch((error: unknown) => {
        // The disk did not take it: the newcomer hears nothing, and asks again.
        if (!isNotCompared(error)) this.#dismiss(guest, []);
        throw error;
      });
    this.#dismiss(guest, frames);
    changed();
  }

  /** The comparison is over, and nobody was wrong. */
  #dismiss(guest: Guest, frames: readonly ControlMessage[]): void {
    const { link } = guest;
    this.#forget(guest);
    this.#parts.book.end(link.peer);
    for (const frame of frames) link.send(frame);
    link.close();
  }

  /** @throws CorridorError `no-such-request` */
  decline(node: NodeId): void {
    const { book, spread, changed } = this.#parts;
    if (!book.requests(this.#now).some((request) => request.node === node)) throw noSuchRequest();
    spread({ type: 'answered', node });
    this.#refuse(node);
    changed();
  }

  // ---- what colleagues' nodes tell

  asked(link: ControlLink, frame: ControlMessageOf<'asked'>): void {
    const { book, ledger } = this.#parts;
    if (ledger.isMember(frame.node)) return;
    const request = book.asked(frame, this.#now);
    if (typeof request === 'object') this.#came(request, link);
  }

  answered(link: ControlLink, frame: ControlMessageOf<'answered'>): void {
    const { book, spread, changed } = this.#parts;
    const { node, place, isGone } = frame;
    const known = book.requests(this.#now).find((request) => request.node === node);
    // Told already: it does not go round. Two people may choose to compare at once: the newcomer goes to the first it hears of.
    if (!known || (known.isCompared && place)) return;
    spread(frame, link);
    if (place) {
      const guest = this.#asking(node);
      guest?.link.send({ type: 'go', place });
      if (guest) guest.isAsking = false;
      book.end(node);
    } else if (isGone === true) {
      if (!known.isCompared) book.end(node);
    } else this.#refuse(node);
    changed();
  }

  /** A member has connected: it learns who waits. */
  greet(link: ControlLink): void {
    const now = this.#now;
    for (const { node, address, untilMs, isCompared } of this.#parts.book.requests(now)) {
      const leftMs = Math.max(1, Math.floor(untilMs - now));
      if (!isCompared) link.send({ type: 'asked', node, address, leftMs });
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTick?.();
    for (const { link } of [...this.#guests.values()]) link.close();
  }

  // ---- what outsiders say

  #take(guest: Guest, message: ControlMessage): void {
    if (message.type === 'ask') this.#ask(guest, message);
    else if (message.type === 'begin' || message.type === 'reveal' || message.type === 'agree')
      this.#compareWith(guest, message);
    else guest.link.close();
  }

  #ask(guest: Guest, frame: ControlMessageOf<'ask'>): void {
    const { book, ledger } = this.#parts;
    const { link } = guest;
    if (guest.isAsking || guest.comparison) return link.close();
    const request = book.ask(frame, link.address, this.#now);
    if (typeof request !== 'object') return this.#turnAway(guest, request);
    // Nobody asks in another's name, and a member has no need to.
    if (request.node !== link.peer || ledger.isMember(link.peer)) {
      book.end(request.node);
      return this.#turnAway(guest, 'bad-card');
    }
    guest.isAsking = true;
    this.#came(request);
  }

  #came(request: JoinRequest, from?: ControlLink): void {
    const { spread, came, changed } = this.#parts;
    const { node, address, untilMs } = request;
    spread({ type: 'asked', node, address, leftMs: Math.max(1, Math.floor(untilMs - this.#now)) }, from);
    if (this.shown.some((one) => one.node === node)) came(request);
    changed();
    this.#tickLater();
  }

  #compareWith(guest: Guest, frame: ControlMessageOf<'begin' | 'reveal' | 'agree'>): void {
    const { identity, ledger, random, book } = this.#parts;
    const { link } = guest;
    if (!guest.comparison) {
      // One comparison of a computer at a time: each is a chance.
      if (this.#comparing(link.peer)) return link.close();
      const comparing = {
        ...{ self: identity, card: signCard(identity), ledger: ledger.plain },
        nonce: random.bytes(NONCE_BYTES),
        isExpected: ({ node }: { readonly node: NodeId }) => book.isExpected({ node }, this.#now),
      };
      const direct = { exported: link.exported(JOIN_EXPORTER_LABEL), peerKey: link.peerKey };
      guest.comparison = new Comparison(comparing, direct, this.#now);
    }
    this.#follow(guest, guest.comparison.take(frame, this.#now));
  }

  #follow(guest: Guest, step: HostStep): void {
    const { changed, trouble } = this.#parts;
    if (step.kind === 'wait') return;
    if (step.kind === 'send') guest.link.send(step.frame);
    else if (step.kind === 'compare') guest.digits = step.digits;
    else if (step.kind === 'agreed') guest.isAgreed = true;
    else {
      if (step.kind === 'refused') guest.link.send(step.frame);
      else if (guest.comparison?.newcomer) trouble(endedText(step.why));
      guest.link.close();
    }
    changed();
  }

  #turnAway({ link }: Guest, why: Parameters<typeof refusedFrame>[0]): void {
    link.send(refusedFrame(why));
    link.close();
  }

  // ---- the end of things

  /** This node's person, or a colleague, refused. */
  #refuse(node: NodeId): void {
    const { book } = this.#parts;
    book.decline(node, this.#now);
    this.#expected.delete(node);
    const asking = this.#asking(node);
    if (asking) asking.isAsking = false;
    const comparing = this.#comparing(node);
    const frame = comparing?.comparison?.refuse() ?? refusedFrame('declined');
    for (const guest of new Set([asking, comparing])) {
      guest?.link.send(frame);
      guest?.link.close();
    }
  }

  #gone(guest: Guest): void {
    if (!this.#guests.has(guest.link)) return;
    const { book, spread, changed } = this.#parts;
    const { peer } = guest.link;
    // Only whoever was shown digits had a chance.
    if (guest.comparison?.newcomer) book.failed(peer, this.#now);
    else if (guest.isAsking) book.end(peer);
    if (guest.isAsking) spread({ type: 'answered', node: peer, isGone: true });
    this.#forget(guest);
    if (!this.#isClosed) changed();
  }

  #forget(guest: Guest): void {
    this.#guests.delete(guest.link);
    if (guest.comparison?.newcomer) this.#expected.delete(guest.link.peer);
  }

  #tickLater(): void {
    if (this.#cancelTick || this.#isClosed) return;
    const isIdle = this.#guests.size === 0 && this.#parts.book.requests(this.#now).length === 0;
    if (isIdle) return;
    this.#cancelTick = this.#parts.schedule(() => {
      this.#cancelTick = undefined;
      this.#tick();
      this.#tickLater();
    }, TICK_MS);
  }

  #tick(): void {
    const { book, ledger, changed } = this.#parts;
    const now = this.#now;
    for (const guest of [...this.#guests.values()]) {
      if (guest.comparison) this.#follow(guest, guest.comparison.tick(now));
      else if (guest.isAsking && !book.requests(now).some(({ node }) => node === guest.link.peer)) {
        guest.isAsking = false;
        this.#turnAway(guest, 'closed');
      } else if (!guest.isAsking && now - guest.sinceMs >= IDLE_MS) guest.link.close();
    }
    for (const [node, sinceMs] of [...this.#expected]) {
      if (now - sinceMs < COMPARE_WITHIN_MS || this.#comparing(node)) continue;
      this.#expected.delete(node);
      book.end(node);
    }
    for (const { node } of book.requests(now)) if (ledger.isMember(node)) book.end(node);
    changed();
  }

  get #now(): number {
    return this.#parts.clock.now();
  }

  #asking(node: NodeId): Guest | undefined {
    return [...this.#guests.values()].find(({ link, isAsking }) => isAsking && link.peer === node);
  }

  #comparing(node: NodeId): Guest | undefined {
    return [...this.#guests.values()].find(
      ({ link, comparison }) => comparison !== undefined && link.peer === node,
    );
  }
}

function noSuchRequest(): CorridorError {
  return new CorridorError('no-such-request', 'This request is not there any more.');
}

function isNotCompared(error: unknown): boolean {
  return error instanceof CorridorError && error.code === 'not-compared';
}
