import { NewestMap, type Emitter, type MessageId } from '../model/index.ts';
import type { Refusal, StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import type { Arriving } from './arriving.ts';
import type { MessageEvents } from './events.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';
import type { Holders } from './holders.ts';
import type { Inbox } from './inbox.ts';
import type { LogOfPeers } from './log-of-peers.ts';
import type { Player } from './player.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { ReceiptSync } from './receipt-sync.ts';

/** The message stops playing live when forged fragments were found this many times. */
const ENDS_LIVE_AT = 2;
/** A forged fragment of unknown sender is fetched again after this time, with the others that came with it, ms. */
const SOON_MS = 150;
/** A message that came forged over a link is asked for again after this time, then twice as long each time, ms. */
const AGAIN_AFTER_MS = 1000;
const MOST_AFTER_MS = 60_000;
/** The number of findings is remembered for this many messages. */
const MAX_KNOWN = 1000;

interface ForgeriesParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly holders: Holders;
  readonly fetcher: FragmentFetcher;
  readonly inbox: Inbox;
  readonly player: Player;
  readonly receipts: ReceiptSync;
  readonly arriving: Arriving;
  /** Ends live play of a message; its fragments come over a link from then on. */
  readonly cutOff: (id: MessageId) => void;
  readonly events: Emitter<MessageEvents>;
  readonly log: LogOfPeers;
}

/**
 * Handles fragments that differ from what their talker signed. The store has dropped them, and they are fetched again, from another
 * node where it is known which one sent them. Sound that was played cannot be taken back; the second finding ends live play.
 */
export class Forgeries {
  readonly #parts: ForgeriesParts;
  readonly #times = new NewestMap<MessageId, number>(MAX_KNOWN);

  constructor(parts: ForgeriesParts) {
    this.#parts = parts;
    const { read } = parts.archive;
    read.on('refused', ({ id, numbers, why }) => this.#refused(id, numbers.length, why));
    read.on('damaged', (id) => this.#damaged(id));
    read.on('complete', (id) => this.#times.delete(id));
  }

  #refused(id: MessageId, count: number, why: Refusal): void {
    const { archive, fetcher, events, log } = this.#parts;
    const message = archive.read.get(id);
    if (!message || message.roles.mine === 'talker' || why === 'ahead') return;
    if (why === 'unsigned') return this.#endLive(message, why);
    const { talker } = message.header.facts;
    const { source } = archive;
    const sentBy = source?.peer;
    const who = sentBy === undefined ? 'somebody who has its key made others' : `${sentBy} sent others`;
    log.say(
      sentBy ?? talker,
      `message ${id}: ${count} fragments are not those that ${talker} signed; ${who}.`,
    );
    events.emit('forged', { talker, count, sentBy });
    const times = this.#count(id);
    if (times >= ENDS_LIVE_AT) this.#endLive(message, why);
    if (source) this.#askOthers(message, source, times);
    else fetcher.again(id, SOON_MS);
  }

  /** Handles a complete message whose hash is wrong: some fragment was forged, or damaged on the disk. */
  #damaged(id: MessageId): void {
    const { archive, receipts, fetcher, holders } = this.#parts;
    receipts.sign(id, 'lost');
    const message = archive.read.get(id);
    if (!message) return;
    const times = message.roles.mine === 'talker' ? 1 : this.#count(id);
    if (times > 1) return this.#askOthers(message, holders.sourceOf(message), times);
    // The node that sends it now believes that it has sent everything.
    fetcher.settled(id);
    fetcher.fetch(id);
  }

  #count(id: MessageId): number {
    const times = (this.#times.get(id) ?? 0) + 1;
    this.#times.set(id, times);
    return times;
  }

  /** Fetches from other nodes: the one that sent it is asked last from now on. The talker's own computer is asked too, if it is online. */
  #askOthers({ id, header }: StoredMessage, sentBy: PeerLink | undefined, times: number): void {
    const { office, holders, fetcher } = this.#parts;
    if (sentBy) holders.failed(id, sentBy.peer);
    fetcher.again(id, Math.min(AGAIN_AFTER_MS * 2 ** (times - 1), MOST_AFTER_MS));
    void office.reach(header.facts.talker).then((link) => {
      if (link) holders.visited(id, link);
    });
  }

  /** Ends live play. The rest comes over links, whose senders are known, and the person finds the whole message later. */
  #endLive({ id, header }: StoredMessage, why: Exclude<Refusal, 'ahead'>): void {
    const { arriving, inbox, player, cutOff, events } = this.#parts;
    const isHeard = inbox.isLive(id) || player.playback?.id === id;
    if (!isHeard && !arriving.has(id)) return;
    cutOff(id);
    if (isHeard) events.emit('cut-short', { id, talker: header.facts.talker, why });
  }
}
