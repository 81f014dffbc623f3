import type { JoinRefusal } from '../../../i18n/index.ts';
import { BUDGETS, NewestMap, toBase64url, type NodeId } from '../../model/index.ts';
import type { Ledger, Standing } from '../ledger/ledger.ts';
import { readCard, type Card } from '../ledger/statement.ts';
import type { JoiningFrameOf } from './frames.ts';
import { whyNotAdmitting } from './may-admit.ts';
import { officeTagOf } from './office-proof.ts';
import { noSuchRequest } from './sentences.ts';
import type { RequestNotice } from './request-notice.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long *Let somebody in* stays open, and how long a request waits for an answer, ms. */
export const OPEN_MS = 10 * MINUTE_MS;
const MAX_REQUESTS = BUDGETS.joinRequests.inAll.atOnce;
/** Requests that colleagues’ nodes announce leave a place for one that is made here. */
const MAX_ANNOUNCED = MAX_REQUESTS - 1;
/** The limit for requests made here, and for those that one colleague’s node announces. */
const MAX_REQUESTS_A_MINUTE = 10;
export const MUTED_MS = HOUR_MS;
/** After this many failed comparisons within an hour requests are closed until a person opens them again. */
export const MAX_FAILURES = 5;
/** At most this many keys and addresses are muted; each is a person’s click. */
const MAX_MUTED = 256;

/** A request to be let in. It contains nothing that the newcomer can choose, in particular no text. */
export interface JoinRequest {
  readonly node: NodeId;
  /** The IP address that it comes from. */
  readonly address: string;
  /** When it expires, monotonic ms. */
  readonly untilMs: number;
  /** Whether this node’s person chose *Compare*. */
  readonly isCompared: boolean;
  /** The colleague’s node that took it; undefined: this node did. */
  readonly announcedBy: NodeId | undefined;
}

/** The node that asks, by its certificate, and its IP address. */
interface Asker {
  readonly peer: NodeId;
  readonly address: string;
}

/**
 * The requests to be let in at one node, and the muted askers. Outsiders must not be able to fill other people’s panels, so requests are
 * few, contain no text and expire. Times are monotonic, ms.
 */
export class RequestBook {
  readonly #ledger: Ledger;
  readonly #requests = new Map<NodeId, JoinRequest>();
  /** Muted nodes and addresses, and until when. */
  readonly #muted = new NewestMap<string, number>(MAX_MUTED);
  #came: { readonly announcedBy: NodeId | undefined; readonly atMs: number }[] = [];
  #failedAtMs: number[] = [];
  #openUntilMs = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  requests(nowMs: number): readonly JoinRequest[] {
    for (const [node, { untilMs }] of this.#requests) if (untilMs <= nowMs) this.#requests.delete(node);
    return [...this.#requests.values()];
  }

  /** Takes a newcomer’s `ask` that was made here. */
  ask(frame: JoiningFrameOf<'ask'>, { peer, address }: Asker, nowMs: number): JoinRequest | JoinRefusal {
    if (!this.isOfOffice(frame)) return 'other-office';
    // Checked before any signature, so that a muted asker costs nothing.
    const early = this.#whyNot(address, undefined, nowMs);
    if (early !== undefined) return early;
    // Nobody asks in another's name.
    if (readCard(frame.card)?.node !== peer) return 'bad-card';
    const inTheWay = this.requests(nowMs).filter((one) => one.node === peer || one.address === address);
    // An announced request makes room for one that is made here.
    if (inTheWay.some((one) => one.announcedBy === undefined || one.isCompared)) return 'asked-already';
    if (this.#requests.size - inTheWay.length >= MAX_REQUESTS) return 'busy';
    return this.#enter({ node: peer, address, announcedBy: undefined }, nowMs, OPEN_MS, inTheWay);
  }

  /** Whether the request names this office. */
  isOfOffice({ tag }: Pick<JoiningFrameOf<'ask'>, 'tag'>): boolean {
    return tag === toBase64url(officeTagOf(this.#ledger.office));
  }

  /** Takes a request that a colleague’s node announces. Each node has one such request: a newer one replaces it. */
  announced(
    { by, node, address }: Pick<RequestNotice, 'by' | 'node' | 'address'>,
    leftMs: number,
    nowMs: number,
  ): JoinRequest | JoinRefusal {
    const early = this.#whyNot(address, by, nowMs);
    if (early !== undefined) return early;
    const requests = this.requests(nowMs);
    const before = requests.filter(({ announcedBy }) => announcedBy === by);
    if (before.some(({ isCompared }) => isCompared)) return 'busy';
    const others = requests.filter(({ announcedBy }) => announcedBy !== by);
    if (others.some((one) => one.node === node || one.address === address)) return 'asked-already';
    const isFull = others.filter(({ announcedBy }) => announcedBy !== undefined).length >= MAX_ANNOUNCED;
    if (isFull || others.length >= MAX_REQUESTS) return 'busy';
    return this.#enter({ node, address, announcedBy: by }, nowMs, leftMs, before);
  }

  /**
   * The person chose *Compare*: from now on that computer may begin.
   * @throws CorridorError `no-such-request`
   */
  compare(node: NodeId, nowMs: number): JoinRequest {
    const request = this.requests(nowMs).find((one) => one.node === node);
    if (!request) throw noSuchRequest();
    const compared = { ...request, isCompared: true };
    this.#requests.set(node, compared);
    return compared;
  }

  /** Whether this computer may begin a comparison here. */
  isExpected({ node }: Pick<Card, 'node'>, nowMs: number): boolean {
    if (this.isClosed(nowMs)) return false;
    return this.requests(nowMs).some((request) => request.node === node && request.isCompared);
  }

  /** Ends a request: the newcomer was admitted, its link ended, or a colleague answered. */
  end(node: NodeId): void {
    this.#requests.delete(node);
  }

  /** This node’s person refused: key and address are muted for an hour. */
  decline(node: NodeId, nowMs: number): void {
    const request = this.#requests.get(node);
    this.#mute(request ? [node, request.address] : [node], nowMs);
  }

  /** A colleague refused: the key is muted, but not the address, which each person mutes at their own node. */
  declinedElsewhere(node: NodeId, nowMs: number): void {
    this.#mute([node], nowMs);
  }

  #mute([node, ...addresses]: readonly [NodeId, ...string[]], nowMs: number): void {
    this.#requests.delete(node);
    for (const muted of [node, ...addresses]) this.#muted.set(muted, nowMs + MUTED_MS);
  }

  /** Counts a comparison that admitted nobody: each could be an attacker’s attempt, with one chance in a million. */
  failed(node: NodeId, nowMs: number): void {
    this.#requests.delete(node);
    this.#failedAtMs = [...this.#recentFailures(nowMs), nowMs];
  }

  /** The person chose *Let somebody in*: open for ten minutes, whatever failed before. */
  open(nowMs: number): void {
    this.#openUntilMs = nowMs + OPEN_MS;
    this.#failedAtMs = [];
  }

  close(): void {
    this.#openUntilMs = 0;
  }

  /** When *Let somebody in* closes; undefined: it is not open. */
  openUntilMs(nowMs: number): number | undefined {
    return nowMs < this.#openUntilMs ? this.#openUntilMs : undefined;
  }

  /** Whether requests are closed, because too many comparisons failed. */
  isClosed(nowMs: number): boolean {
    return this.#recentFailures(nowMs).length >= MAX_FAILURES;
  }

  #recentFailures(nowMs: number): number[] {
    return this.#failedAtMs.filter((at) => nowMs - at < HOUR_MS);
  }

  #whyNot(address: string, announcedBy: NodeId | undefined, nowMs: number): JoinRefusal | undefined {
    if (this.#isMuted(address, nowMs)) return 'muted';
    if (this.isClosed(nowMs)) return 'closed';
    this.#came = this.#came.filter(({ atMs }) => nowMs - atMs < MINUTE_MS);
    const came = this.#came.filter((one) => one.announcedBy === announcedBy);
    return came.length >= MAX_REQUESTS_A_MINUTE ? 'busy' : undefined;
  }

  #enter(
    who: Pick<JoinRequest, 'node' | 'address' | 'announcedBy'>,
    nowMs: number,
    spanMs: number,
    inTheWay: readonly JoinRequest[],
  ): JoinRequest | JoinRefusal {
    const { node, announcedBy } = who;
    if (this.#isMuted(node, nowMs)) return 'muted';
    if (this.#ledger.standing.removed.has(node)) return 'removed';
    for (const other of inTheWay) this.#requests.delete(other.node);
    this.#came.push({ announcedBy, atMs: nowMs });
    const request = { ...who, untilMs: nowMs + Math.min(spanMs, OPEN_MS), isCompared: false };
    this.#requests.set(node, request);
    return request;
  }

  #isMuted(who: string, nowMs: number): boolean {
    return (this.#muted.get(who) ?? 0) > nowMs;
  }
}

/** Whether requests are shown at this node: an admin's, or one that may admit and at which *Let somebody in* is open. */
export function isShownRequests(standing: Standing, node: NodeId, isOpen: boolean): boolean {
  if (standing.admins.has(node)) return true;
  return isOpen && whyNotAdmitting(standing, node) === undefined;
}
