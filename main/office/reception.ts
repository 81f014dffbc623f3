import {
  COMPARE_WITHIN_MS,
  endedText,
  isNotCompared,
  isShownRequests,
  noSuchRequest,
  notCompared,
  refusedFrame,
  welcomeFrames,
  type HostStep,
  type Identity,
  type JoinRequest,
  type PersonId,
  type Place,
  type RequestBook,
} from '../identity/index.ts';
import type { NodeId } from '../model/index.ts';
import type { LocalizedText } from '../../i18n/index.ts';
import type { ControlLink, ControlMessage, ControlMessageOf } from '../signalling/index.ts';
import type { OfficeLedger } from './office-ledger.ts';
import type { Outsider } from './outsider.ts';
import { newComparison, Outsiders } from './outsiders.ts';
import type { OfficePorts } from './ports.ts';
import { RequestSpread } from './request-spread.ts';

const TICK_MS = 1_000;

interface ReceptionParts extends OfficePorts {
  readonly identity: Pick<Identity, 'nodeId' | 'sign' | 'signingKeySpki' | 'hpkePublicKey'>;
  readonly ledger: OfficeLedger;
  readonly book: RequestBook;
  /** The number of this start. */
  readonly boot: number;
  /** The address at which this node accepts control links. */
  readonly place: () => Place;
  /** Sends a frame to all connected members, except over one link. */
  readonly spread: (frame: ControlMessageOf<'asked' | 'answered'>, except?: ControlLink) => void;
  /** A request came that this node's person is to see. */
  readonly came: (request: JoinRequest) => void;
  /** The shown requests have changed. */
  readonly changed: () => void;
  /** Reports why a comparison that the person began has failed; undefined: nothing is wrong. */
  readonly trouble: (text: LocalizedText | undefined) => void;
}

/** A request as this node's person sees it. `untilMs`: monotonic. */
export interface WaitingRequest extends JoinRequest {
  readonly state: 'waiting' | 'comparing' | 'agreed';
  readonly digits: string | undefined;
}

/**
 * Takes requests from outsiders and tells every member of them. The newcomer then connects to the node whose person chose Compare.
 * Nobody is let in unless both people confirm the digits.
 */
export class Reception {
  readonly #parts: ReceptionParts;
  readonly #outsiders = new Outsiders();
  readonly #requests: RequestSpread;
  /** Computers that this node's person chose to compare with, and since when. */
  readonly #expected = new Map<NodeId, number>();
  #cancelTick: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: ReceptionParts) {
    this.#parts = parts;
    this.#requests = new RequestSpread(parts);
    this.#tickLater();
  }

  /** Handles an outsider that has connected. */
  accept(link: ControlLink): void {
    const outsider = this.#outsiders.arrive(link, this.#now);
    link.listen({
      onMessage: (message) => this.#take(outsider, message),
      onFragments: () => link.close(),
      onClose: () => this.#gone(outsider),
    });
    this.#tickLater();
  }

  /** The requests that wait for this node's person. */
  get shown(): WaitingRequest[] {
    const { book, ledger, identity } = this.#parts;
    const isOpen = book.openUntilMs(this.#now) !== undefined;
    if (!isShownRequests(ledger.standing, identity.nodeId, isOpen)) return [];
    return book.requests(this.#now).map((request) => {
      const outsider = this.#outsiders.comparing(request.node);
      const isAgreed = outsider?.state.kind === 'agreed';
      const state = isAgreed ? 'agreed' : request.isCompared ? 'comparing' : 'waiting';
      return { ...request, state, digits: outsider?.digits };
    });
  }

  // ---- what this node's person does

  /** @throws CorridorError `no-such-request` */
  compare(node: NodeId): void {
    const { book, place, trouble } = this.#parts;
    book.compare(node, this.#now);
    trouble(undefined);
    this.#expected.set(node, this.#now);
    this.#outsiders.asking(node)?.link.send({ type: 'go' });
    // If it asked at another node, that one sends it here. If it asked here, colleagues learn that it is being taken care of.
    this.#requests.answer(node, place());
    this.#changed();
  }

  /**
   * Lets the computer in. Resolves when its admission is on this computer's disk and the welcome is sent.
   * @param person the person whose further computer it is, or who comes back; left out: a new person
   * @throws CorridorError `no-such-request`, `not-compared`
   */
  async admit(node: NodeId, person?: PersonId): Promise<void> {
    const { ledger } = this.#parts;
    const outsider = this.#outsiders.comparing(node);
    const comparison = outsider?.comparison;
    if (!outsider || !comparison) throw this.#isThere(node) ? notCompared() : noSuchRequest();
    const as = person === undefined ? {} : { person };
    const { frames } = await ledger
      .let(() => comparison.letIn(this.#now, as))
      .catch((error: unknown) => {
        // The disk did not take it: the newcomer gets no answer, and asks again.
        if (!isNotCompared(error)) this.#dismiss(outsider, []);
        throw error;
      });
    this.#dismiss(outsider, frames);
    this.#changed();
  }

  /** @throws CorridorError `no-such-request` */
  decline(node: NodeId): void {
    const { book } = this.#parts;
    if (!this.#isThere(node)) throw noSuchRequest();
    this.#requests.answer(node);
    book.decline(node, this.#now);
    this.#expected.delete(node);
    this.#outsiders.turnAway(node);
    this.#changed();
  }

  // ---- colleagues' nodes

  asked(link: ControlLink, frame: ControlMessageOf<'asked'>): void {
    const request = this.#requests.asked(link, frame);
    if (request) this.#came(request);
  }

  answered(link: ControlLink, frame: ControlMessageOf<'answered'>): void {
    const { book } = this.#parts;
    const answer = this.#requests.answered(link, frame);
    if (!answer) return;
    const { node, outcome } = answer;
    if (outcome.kind === 'declined') {
      book.declinedElsewhere(node, this.#now);
      this.#expected.delete(node);
      this.#outsiders.turnAway(node);
    } else {
      book.end(node);
      const asking = this.#outsiders.asking(node);
      asking?.asksNoMore();
      if (outcome.kind === 'compared') asking?.link.send({ type: 'go', place: outcome.place });
    }
    this.#changed();
  }

  /** Tells a member that has connected which requests wait. */
  greet(link: ControlLink): void {
    this.#requests.greet(link);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTick?.();
    this.#outsiders.close();
  }

  // ---- outsiders

  #take(outsider: Outsider, message: ControlMessage): void {
    if (message.type === 'ask') this.#ask(outsider, message);
    else if (message.type === 'begin' || message.type === 'reveal' || message.type === 'agree')
      this.#compareWith(outsider, message);
    else outsider.link.close();
  }

  #ask(outsider: Outsider, frame: ControlMessageOf<'ask'>): void {
    const { book, ledger } = this.#parts;
    const { link } = outsider;
    if (outsider.state.kind !== 'silent') return link.close();
    // It is a member already: its welcome was lost.
    if (book.isOfOffice(frame) && ledger.isMember(link.peer))
      return this.#dismiss(outsider, welcomeFrames(ledger.plain));
    const request = book.ask(frame, link, this.#now);
    if (typeof request !== 'object') return this.#turnAway(outsider, request);
    outsider.asks();
    this.#came(request);
  }

  #came(request: JoinRequest): void {
    if (this.shown.some((one) => one.node === request.node)) this.#parts.came(request);
    this.#changed();
    this.#tickLater();
  }

  #compareWith(outsider: Outsider, frame: ControlMessageOf<'begin' | 'reveal' | 'agree'>): void {
    const { link } = outsider;
    // One comparison of a computer at a time, since each is a chance to guess the digits.
    if (!outsider.comparison && this.#outsiders.comparing(link.peer)) return link.close();
    const open = () => newComparison(this.#parts, link, this.#now);
    this.#act(outsider, outsider.take(frame, open, this.#now));
  }

  #act({ link, comparison }: Outsider, step: HostStep): void {
    if (step.kind === 'wait') return;
    if (step.kind === 'send') link.send(step.frame);
    else if (step.kind === 'refused' || step.kind === 'ended') {
      if (step.kind === 'refused') link.send(step.frame);
      else if (comparison?.newcomer) this.#parts.trouble(endedText(step.why));
      link.close();
    }
    this.#changed();
  }

  #turnAway({ link }: Outsider, why: Parameters<typeof refusedFrame>[0]): void {
    link.send(refusedFrame(why));
    link.close();
  }

  // ---- ends

  /** Ends an outsider's link after a comparison without a mismatch, or after a repeated welcome. */
  #dismiss(outsider: Outsider, frames: readonly ControlMessage[]): void {
    const { link } = outsider;
    this.#forget(outsider);
    this.#parts.book.end(link.peer);
    for (const frame of frames) link.send(frame);
    link.close();
  }

  #gone(outsider: Outsider): void {
    if (!this.#outsiders.has(outsider)) return;
    const { book } = this.#parts;
    const { node, hasAsked, comparison } = outsider;
    // An attempt counts only if digits were shown.
    if (comparison?.newcomer) book.failed(node, this.#now);
    else if (hasAsked) book.end(node);
    if (hasAsked) this.#requests.gone(node);
    this.#forget(outsider);
    if (!this.#isClosed) this.#changed();
  }

  #forget(outsider: Outsider): void {
    this.#outsiders.forget(outsider);
    if (outsider.comparison?.newcomer) this.#expected.delete(outsider.node);
  }

  #changed(): void {
    if (!this.#isClosed) this.#requests.tellNext();
    this.#parts.changed();
  }

  #tickLater(): void {
    const isIdle = this.#outsiders.all.length === 0 && this.#parts.book.requests(this.#now).length === 0;
    if (this.#cancelTick || this.#isClosed || isIdle) return;
    this.#cancelTick = this.#parts.schedule(() => {
      this.#cancelTick = undefined;
      this.#tick();
      this.#tickLater();
    }, TICK_MS);
  }

  #tick(): void {
    const { book, ledger } = this.#parts;
    const now = this.#now;
    for (const outsider of this.#outsiders.all) {
      this.#act(outsider, outsider.tick(now));
      const isAsking = outsider.state.kind === 'asking';
      if (isAsking && !this.#isThere(outsider.node)) {
        outsider.asksNoMore();
        this.#turnAway(outsider, 'closed');
      } else if (outsider.isIdle(now)) outsider.link.close();
    }
    for (const [node, sinceMs] of [...this.#expected]) {
      if (now - sinceMs < COMPARE_WITHIN_MS || this.#outsiders.comparing(node)) continue;
      this.#expected.delete(node);
      book.end(node);
    }
    for (const { node } of book.requests(now)) if (ledger.isMember(node)) book.end(node);
    this.#changed();
  }

  #isThere(node: NodeId): boolean {
    return this.#parts.book.requests(this.#now).some((request) => request.node === node);
  }

  get #now(): number {
    return this.#parts.clock.monotonic();
  }
}
