import {
  OPEN_MS,
  readRequestAnswer,
  readRequestNotice,
  signRequestAnswer,
  signRequestNotice,
  statementIdOf,
  whyNotAdmitting,
  type Identity,
  type JoinRequest,
  type Place,
  type RequestBook,
  type RequestNotice,
  type StatementId,
} from '../identity/index.ts';
import type { Clock, NodeId, Signed } from '../model/index.ts';
import type { ControlLink, ControlMessageOf } from '../signalling/index.ts';
import type { OfficeLedger } from './office-ledger.ts';

interface RequestSpreadParts {
  readonly identity: Pick<Identity, 'nodeId' | 'sign'>;
  readonly ledger: OfficeLedger;
  readonly book: RequestBook;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** The number of this start, by which notices from before it are known to be old. */
  readonly boot: number;
  /** Sends a frame to all connected members, except over one link. */
  readonly spread: (frame: ControlMessageOf<'asked' | 'answered'>, except?: ControlLink) => void;
}

/** The outcome of a request, as a colleague's node reports it. */
interface SpreadAnswer {
  readonly node: NodeId;
  /** `compared`: the newcomer is sent to that place. */
  readonly outcome:
    | { readonly kind: 'compared'; readonly place: Place }
    | { readonly kind: 'declined' }
    | { readonly kind: 'gone' };
}

/** A request that members were told of, until it is answered. */
interface KnownNotice {
  readonly by: NodeId;
  readonly id: StatementId;
  readonly signed: Signed;
}

/**
 * Spreads requests to be let in among members' nodes. A node announces one request at a time, the oldest that it took; the switch passes
 * on what others signed. A request is ended by the node that took it, or by one whose person may admit.
 */
export class RequestSpread {
  readonly #parts: RequestSpreadParts;
  /** The present notice about each outsider that asks. */
  readonly #notices = new Map<NodeId, KnownNotice>();
  /** The last notice of each author that was read here. */
  readonly #last = new Map<NodeId, Pick<RequestNotice, 'boot' | 'count'>>();
  #count = 0;

  constructor(parts: RequestSpreadParts) {
    this.#parts = parts;
  }

  /** Announces the oldest request that waits here, unless an own notice is still open. */
  tellNext(): void {
    const { identity, ledger, spread, boot } = this.#parts;
    const waiting = this.#waiting();
    const own = [...this.#notices].find(([, { by }]) => by === identity.nodeId)?.[0];
    if (own !== undefined) {
      if (waiting.some(({ node }) => node === own)) return;
      this.#notices.delete(own);
    }
    const next = waiting.find(({ announcedBy }) => announcedBy === undefined);
    if (!next) return;
    const { node, address } = next;
    this.#count += 1;
    const signed = signRequestNotice(identity, ledger.plain, { boot, count: this.#count, node, address });
    this.#notices.set(node, { by: identity.nodeId, id: statementIdOf(signed), signed });
    spread(this.#frame(signed, next));
  }

  /** Tells a member that has connected which requests wait. */
  greet(link: ControlLink): void {
    for (const request of this.#waiting()) {
      const notice = this.#notices.get(request.node);
      if (notice) link.send(this.#frame(notice.signed, request));
    }
  }

  /** Reports that this node's person compares at that place; place undefined: that they declined. */
  answer(node: NodeId, place?: Place): void {
    this.#end(node, place ? { place } : {});
  }

  /** Reports that an outsider that asked here has gone. */
  gone(node: NodeId): void {
    if (this.#notices.get(node)?.by === this.#parts.identity.nodeId) this.#end(node, { isGone: true });
  }

  /** Handles a colleague's notice. Returns the request; undefined: the notice is invalid or not new. */
  asked(
    link: ControlLink,
    { told: signed, leftMs = OPEN_MS }: ControlMessageOf<'asked'>,
  ): JoinRequest | undefined {
    const { identity, ledger, book, clock, spread } = this.#parts;
    const notice = readRequestNotice(signed, ledger.plain);
    if (!notice || notice.by === identity.nodeId || !this.#isNew(notice) || ledger.isMember(notice.node))
      return undefined;
    const request = book.announced(notice, leftMs, clock.monotonic());
    // A request that finds no place now is announced again later.
    if (typeof request !== 'object') return undefined;
    this.#last.set(notice.by, notice);
    for (const [node, { by }] of this.#notices) if (by === notice.by) this.#notices.delete(node);
    this.#notices.set(notice.node, { by: notice.by, id: notice.id, signed });
    spread(this.#frame(signed, request), link);
    return request;
  }

  /** Handles a colleague's answer to a request. Undefined: it may not answer, or the request has ended. */
  answered(link: ControlLink, frame: ControlMessageOf<'answered'>): SpreadAnswer | undefined {
    const { ledger, spread } = this.#parts;
    const answer = readRequestAnswer(frame.answer, ledger.plain);
    if (!answer) return undefined;
    const { node, by, place } = answer;
    const notice = this.#notices.get(node);
    // A comparison here ends here alone. If two people choose a newcomer at once, it is sent to the first one that it hears of.
    const isWaiting = this.#waiting().some((request) => request.node === node);
    if (notice?.id !== answer.told || !isWaiting) return undefined;
    const isGone = answer.isGone === true;
    if (isGone ? by !== notice.by : whyNotAdmitting(ledger.standing, by) !== undefined) return undefined;
    this.#notices.delete(node);
    spread(frame, link);
    if (isGone) return { node, outcome: { kind: 'gone' } };
    return { node, outcome: place ? { kind: 'compared', place } : { kind: 'declined' } };
  }

  #end(node: NodeId, how: { readonly place?: Place; readonly isGone?: true }): void {
    const { identity, ledger, spread } = this.#parts;
    const notice = this.#notices.get(node);
    if (!notice) return;
    this.#notices.delete(node);
    const answer = signRequestAnswer(identity, ledger.plain, { told: notice.id, node, ...how });
    spread({ type: 'answered', answer });
  }

  #waiting(): readonly JoinRequest[] {
    const { book, clock } = this.#parts;
    return book.requests(clock.monotonic()).filter(({ isCompared }) => !isCompared);
  }

  #isNew({ by, boot, count }: RequestNotice): boolean {
    const last = this.#last.get(by);
    return !last || boot > last.boot || (boot === last.boot && count > last.count);
  }

  #frame(told: Signed, { untilMs }: JoinRequest): ControlMessageOf<'asked'> {
    const leftMs = Math.max(1, Math.floor(untilMs - this.#parts.clock.monotonic()));
    return { type: 'asked', told, leftMs };
  }
}
