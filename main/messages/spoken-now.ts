import {
  FRAME_MS,
  headerNamedBy,
  isAlone,
  NewestMap,
  type Clock,
  type Header,
  type MessageId,
  type NodeId,
  type Schedule,
  type Signed,
} from '../model/index.ts';
import { RecentIds } from './recent-ids.ts';

/** A message that began this much earlier is not played by itself: its person is notified of it instead. In fragments: 15 s. */
const LIVE_WITHIN = 15_000 / FRAME_MS;
/** The worker tells again of fragments that no message takes after this long, ms. */
const TOLD_AGAIN_MS = 2_500;
/** This many streams of such fragments are remembered, the latest. */
const MAX_EARLY = 64;
/** A message shows within this time after its header that somebody is speaking it, ms. */
const SHOWN_WITHIN_MS = 1_000;
/** Of words alone only a datagram shows it, which is as fast as the link, ms. */
const SHOWN_WITHIN_ALONE_MS = 300;
/** What a holder has comes at once. What comes this much later over a link was said meanwhile, ms. */
const SAID_MEANWHILE_MS = 100;

interface Waiting {
  readonly ssrc: number;
  readonly isAlone: boolean;
  /** When the first fragments came over a link, ms. */
  firstAt: number | undefined;
  readonly cancel: () => void;
  readonly answer: (isShown: boolean) => void;
}

/**
 * Which messages somebody is speaking at this moment. What arrives tells it, and nobody's clock: the header in a datagram of its talker,
 * which is proven fresh; fragments that come by datagram, too; or fragments that go on to come over a link. A message whose header
 * came over a link and of which nothing like that comes ended before, or was broken off.
 */
export class SpokenNow {
  readonly #clock: Clock;
  readonly #schedule: Schedule;
  /** Their talkers' datagrams named these. */
  readonly #fresh = new RecentIds();
  /** SSRCs of which fragments came before their headers, the number of the first fragment, and when it came. */
  readonly #early = new NewestMap<number, { readonly n: number; readonly at: number }>(MAX_EARLY);
  readonly #waiting = new Map<MessageId, Waiting>();

  constructor({ clock, schedule }: { readonly clock: Clock; readonly schedule: Schedule }) {
    this.#clock = clock;
    this.#schedule = schedule;
  }

  /** A datagram of that node brought a header, which perhaps cannot be read yet. False: the node is not its talker. */
  byDatagram(signed: Signed, from: NodeId): boolean {
    const named = headerNamedBy(signed);
    if (named?.talker !== from) return false;
    this.#fresh.add(named.id);
    this.#waiting.get(named.id)?.answer(true);
    return true;
  }

  /** Fragment `n` came by datagram, and its header is not here yet. */
  early(ssrc: number, n: number): void {
    this.#early.set(ssrc, { n, at: this.#clock.monotonic() });
    for (const waiting of this.#waiting.values())
      if (waiting.ssrc === ssrc && !waiting.isAlone) waiting.answer(n < LIVE_WITHIN);
  }

  /** Fragments of it came over a link. */
  byLink(id: MessageId): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    const now = this.#clock.monotonic();
    waiting.firstAt ??= now;
    if (now - waiting.firstAt >= SAID_MEANWHILE_MS) waiting.answer(true);
  }

  /** Its end came. Words alone have theirs from the beginning. */
  ended(id: MessageId): void {
    const waiting = this.#waiting.get(id);
    if (waiting && !waiting.isAlone) waiting.answer(false);
  }

  /** Whether its talker's datagram brought the header. */
  isFresh(id: MessageId): boolean {
    return this.#fresh.has(id);
  }

  /** Whether a message whose header came over a link is being spoken. Waits until that is shown. Never resolves if this is closed meanwhile. */
  shown(header: Header): Promise<boolean> {
    const { id, ssrc } = header;
    if (this.#fresh.has(id)) return Promise.resolve(true);
    const early = isAlone(header) ? undefined : this.#early.get(ssrc);
    if (early && this.#clock.monotonic() - early.at < TOLD_AGAIN_MS)
      return Promise.resolve(early.n < LIVE_WITHIN);
    return new Promise((resolve) => {
      const answer = (isShown: boolean): void => {
        cancel();
        this.#waiting.delete(id);
        resolve(isShown);
      };
      const waitMs = isAlone(header) ? SHOWN_WITHIN_ALONE_MS : SHOWN_WITHIN_MS;
      const cancel = this.#schedule(() => answer(false), waitMs);
      this.#waiting.set(id, { ssrc, isAlone: isAlone(header), firstAt: undefined, cancel, answer });
    });
  }

  close(): void {
    for (const { cancel } of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }
}

/** Whether a message of which this many fragments are here began a moment ago. */
export function isYoung({ held }: { readonly held: number }): boolean {
  return held < LIVE_WITHIN;
}
