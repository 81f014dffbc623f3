import { firstOf, NewestMap, type Clock, type MessageId, type NodeId, type Signed } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { receiptsOf, wordOf } from './copies.ts';
import { ARRIVED_AFTER_MS, MAX_REPORTS } from './limits.ts';
import type { OfficePort, PeerLink } from './ports.ts';
import type { Report } from './states.ts';
import type { SwitchForwarder } from './switch-forwarder.ts';

/** This many of the latest receipts are told again after a start: the person may have heard messages while no link was up. */
const AFTER_START = 50;
/** How far a message came and whether it is held are two receipts, where it was heard before all of it came. */
const MAX_SAID = 2;

interface Sent {
  readonly talker: NodeId;
  progress?: Report;
  /** This node's latest receipts: for a message that found no room here, or that its person deleted since. */
  said: readonly Signed[];
  /** The link over which it went last; undefined: none was up, or it was lost before the report had surely arrived. */
  link: PeerLink | undefined;
  sentAt: number;
  /** The talker could be reached over that link. */
  isTalkerThere: boolean;
}

interface OwnReportsParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly forwarder: SwitchForwarder;
  readonly clock: Clock;
}

/**
 * What this node reports to the talkers of messages: receipts, progress, and that it has no room. Each report is sent at once, and again
 * over another link until it has surely arrived, also where the talker comes online later.
 */
export class OwnReports {
  readonly #parts: OwnReportsParts;
  readonly #reports = new NewestMap<MessageId, Sent>(MAX_REPORTS);

  constructor(parts: OwnReportsParts) {
    this.#parts = parts;
    for (const message of this.#latest())
      this.#of(message.id, message.header.facts.talker).said = this.#receiptsOf(message);
  }

  receipt(id: MessageId, talker: NodeId, signed: Signed): void {
    const { forwarder } = this.#parts;
    const report = this.#of(id, talker);
    report.said = [...report.said, signed].slice(-MAX_SAID);
    this.#sent(report, forwarder.receipt(signed, talker, undefined));
  }

  progress(id: MessageId, talker: NodeId, progress: Report): void {
    const { forwarder, office } = this.#parts;
    const sent = this.#of(id, talker);
    sent.progress = progress;
    this.#sent(sent, forwarder.progress({ id, node: office.self, ...progress }, talker, undefined));
  }

  /** To be called when a link is up, or a talker is online: sends what has not arrived. */
  look(): void {
    if (this.#reports.size === 0) return;
    const online = new Set(this.#parts.office.online);
    for (const [id, report] of [...this.#reports]) {
      if (this.#hasArrived(report)) this.#reports.delete(id);
      else this.#again(id, report, online);
    }
  }

  /** What was sent over this link a moment ago may be lost with it. Where another way leads to the talker already, it goes that way now. */
  linkLost(link: PeerLink): void {
    let isAnyLost = false;
    for (const report of this.#reports.values()) {
      if (report.link !== link || this.#hasArrived(report)) continue;
      report.link = undefined;
      isAnyLost = true;
    }
    if (isAnyLost) this.look();
  }

  #again(id: MessageId, report: Sent, online: ReadonlySet<NodeId>): void {
    const { archive, forwarder, office } = this.#parts;
    const { talker, progress, said, link, isTalkerThere } = report;
    const way = forwarder.wayTo(talker);
    if (!way || (way === link && (isTalkerThere || !online.has(talker)))) return;
    if (progress) forwarder.progress({ id, node: office.self, ...progress }, talker, undefined);
    const message = archive.read.get(id);
    for (const signed of message ? this.#receiptsOf(message) : said)
      forwarder.receipt(signed, talker, undefined);
    this.#sent(report, way);
  }

  #sent(report: Sent, link: PeerLink | undefined): void {
    const { office, clock } = this.#parts;
    report.link = link;
    report.sentAt = clock.monotonic();
    report.isTalkerThere = link?.peer === report.talker || office.online.includes(report.talker);
  }

  #hasArrived({ link, sentAt, isTalkerThere }: Sent): boolean {
    return link !== undefined && isTalkerThere && this.#parts.clock.monotonic() - sentAt >= ARRIVED_AFTER_MS;
  }

  /** The report of that message, which is the newest from now on. */
  #of(id: MessageId, talker: NodeId): Sent {
    const report = this.#reports.get(id) ?? {
      ...{ talker, said: [], link: undefined, sentAt: 0, isTalkerThere: false },
    };
    this.#reports.set(id, report);
    return report;
  }

  /** What this node says of the message: how far it came here, and whether it is held here. */
  #receiptsOf(message: StoredMessage): readonly Signed[] {
    const { self } = this.#parts.office;
    return [...receiptsOf(message)].filter(({ facts }) => facts.node === self).map(({ signed }) => signed);
  }

  /** The messages on which this node made its latest statements, in their order: of those that were heard, or came, last. */
  #latest(): readonly StoredMessage[] {
    const { archive, office } = this.#parts;
    const { read } = archive;
    const heard = firstOf(read.heardLast(), AFTER_START);
    const came = firstOf(read.newest(), 4 * AFTER_START);
    const mine = [...heard, ...came].filter(({ roles }) => roles.mine === 'recipient');
    const ids = new Set(mine.map(({ id }) => id));
    for (const id of ids) this.#signIfLost(id);
    return [...ids]
      .flatMap((id) => read.get(id) ?? [])
      .map((message) => ({ message, at: wordOf(message, office.self)?.at ?? 0 }))
      .filter(({ at }) => at > 0)
      .sort((one, other) => one.at - other.at)
      .slice(-AFTER_START)
      .map(({ message }) => message);
  }

  /** The power may have failed after the message was on the disk, and before its receipt was. */
  #signIfLost(id: MessageId): void {
    const { archive, office } = this.#parts;
    const message = archive.read.get(id);
    if (message?.state === 'complete' && !wordOf(message, office.self)) archive.sign(id, 'received');
  }
}
