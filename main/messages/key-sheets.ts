import * as v from 'valibot';
import { expectSenderKey, type Identity } from '../identity/index.ts';
import {
  BUDGETS,
  messageIdSchema,
  NewestMap,
  NewestSet,
  PeerBudget,
  readSheet,
  readStatement,
  sheetNamedBy,
  type Clock,
  type Emitter,
  type Header,
  type MessageId,
  type NodeId,
  type ReadSheet,
  type Signed,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { MessageReader } from './archive.ts';
import type { MessageEvents } from './events.ts';
import type { OfficePort, PeerLink } from './ports.ts';

const ofMessageSchema = v.object({ id: messageIdSchema });
const MAX_KEPT = BUDGETS.keySheets.inAll.atOnce;
const MAX_KEPT_OF_TALKER = BUDGETS.keySheets.perPeer.atOnce;
const MAX_WAITING = BUDGETS.headersWaiting.perPeer.atOnce;
/**
 * How many statements on a message are kept until its sheet has come: its manifest, some receipts, and hashes of half a minute.
 */
const MAX_DELAYED = 64;
/** An answer that has not come by then, ms, does not come. */
const ASK_AGAIN_MS = 3000;

export interface KeySheetsParts {
  readonly identity: Identity;
  readonly read: MessageReader;
  readonly office: OfficePort;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
}

/** What is known of the sheets of one link. */
interface LinkSheets {
  /** The hashes of those that both ends have seen on it. */
  readonly seen: NewestSet<string>;
  /** Headers that came over it and whose sheet was asked for. */
  waiting: Waiting[];
}

/** A header that waits for its sheet. */
interface Waiting {
  readonly id: MessageId;
  readonly sheet: string;
  readonly header: Signed;
  /** What was said of the message meanwhile, in order. */
  readonly then: (() => void)[];
  /** When its sheet was asked for, ms. */
  readonly askedAt: number;
}

/** A header whose sheet has come, and what is to follow it. */
export type Released = Pick<Waiting, 'header' | 'then'>;

/**
 * Exchanges key sheets with other nodes. A sheet goes to its readers once, before the first message where there is time, and over
 * each link once. A header that names it is small from then on. What is kept here is a cache: every message has its own copy of
 * its sheet.
 */
export class KeySheets {
  readonly #parts: KeySheetsParts;
  /** By hash; the one that was named last is at the end. */
  readonly #kept = new NewestMap<string, ReadSheet>(MAX_KEPT);
  readonly #links = new WeakMap<PeerLink, LinkSheets>();
  readonly #passedOn = new PeerBudget(BUDGETS.sheetsPassedOn);

  constructor(parts: KeySheetsParts) {
    this.#parts = parts;
  }

  // ---- what this node sends

  /** Gives a sheet of this node to its readers, so that the first message with it finds them ready. */
  spread(made: ReadSheet): void {
    const { upstream } = this.#parts.office;
    this.#keep(made);
    if (upstream) this.#send(upstream, made);
    this.#passOn(made, undefined);
  }

  /** Tells of a message. Its sheet goes along where the other end of the link has not seen it. */
  announce(link: PeerLink, header: Signed): void {
    const named = header.sheet === undefined ? undefined : sheetNamedBy(header);
    const { seen } = this.#of(link);
    const isSeen = named !== undefined && seen.has(named.sheet);
    if (named) seen.add(named.sheet);
    link.send({ type: 'announce', header: isSeen ? withoutSheet(header) : header });
  }

  // ---- what other nodes send

  /** A header with its sheet. Undefined: the sheet is not known here. */
  complete(header: Signed): Signed | undefined {
    const named = sheetNamedBy(header);
    return named ? this.#withSheet(header, named.sheet) : withoutSheet(header);
  }

  #withSheet(header: Signed, hash: string): Signed | undefined {
    const came = header.sheet === undefined ? undefined : readSheet(header.sheet);
    const sheet = came?.hash === hash ? came : this.#kept.get(hash);
    return sheet && { ...header, sheet: sheet.text };
  }

  /** A header was found to be its talker's: its sheet serves those that follow. */
  verified({ sheet }: Signed): void {
    const read = sheet === undefined ? undefined : readSheet(sheet);
    if (read) this.#keep(read);
  }

  /** As `complete`, for a header that came over a link: a sheet that is not known is asked for, and the header waits for it. */
  completeOrAsk(header: Signed, link: PeerLink): Signed | undefined {
    const named = sheetNamedBy(header);
    if (!named) return withoutSheet(header);
    const { seen, waiting } = this.#of(link);
    const whole = this.#withSheet(header, named.sheet);
    if (whole) {
      seen.add(named.sheet);
      return whole;
    }
    const now = this.#parts.clock.monotonic();
    const asked = waiting.findLast(({ sheet }) => sheet === named.sheet)?.askedAt ?? -Infinity;
    const isAsked = now - asked < ASK_AGAIN_MS;
    if (!isAsked) link.send({ type: 'sheet-wanted', id: named.id });
    waiting.push({ ...named, header, then: [], askedAt: isAsked ? asked : now });
    if (waiting.length > MAX_WAITING) {
      waiting.shift();
      this.#parts.events.emit('over', { node: link.peer, budget: 'headersWaiting' });
    }
    return undefined;
  }

  /** Something about a message came over this link. Where the message waits for its sheet, `work` is done after its header. */
  afterHeader(said: Signed, link: PeerLink, work: () => void): void {
    const waiting = this.#links.get(link)?.waiting ?? [];
    // Mostly no header waits, and then nothing is parsed twice.
    const id = waiting.length === 0 ? undefined : readStatement(said, ofMessageSchema)?.id;
    const one = waiting.find((header) => header.id === id);
    if (!one) work();
    else if (one.then.length < MAX_DELAYED) one.then.push(work);
  }

  /**
   * A sheet came, ahead of its first message or as an answer. Returns the headers that waited for it. It counts where its talker
   * sent it, or the switch, which passes on what is for the office.
   */
  received({ sheet: text }: ControlMessageOf<'sheet'>, link: PeerLink): readonly Released[] {
    const { office } = this.#parts;
    const came = readSheet(text);
    if (!came) return [];
    const of = this.#of(link);
    const waited = of.waiting.filter(({ sheet }) => sheet === came.hash);
    const isAhead = link.peer === came.sheet.talker || link.peer === office.switchNode;
    if (waited.length === 0 && !isAhead) return [];
    of.seen.add(came.hash);
    of.waiting = of.waiting.filter(({ sheet }) => sheet !== came.hash);
    if (waited.length === 0) this.#cameAhead(came, link);
    return waited.map(({ header, then }) => ({ header: { ...header, sheet: came.text }, then }));
  }

  /** The other end of the link was told of a message, and lacks its sheet. */
  wanted({ id }: ControlMessageOf<'sheet-wanted'>, link: PeerLink): void {
    const header = this.#parts.read.get(id)?.header;
    if (header?.signed.sheet === undefined || !this.#mayHave(link, header.facts)) return;
    link.send({ type: 'sheet', sheet: header.signed.sheet });
  }

  /** Whether that node was told of the message here, or is to have it. */
  #mayHave(link: PeerLink, { talker, recipients, senderKey }: Header): boolean {
    const { switchNode, standbyNode } = this.#parts.office;
    const isTold = senderKey !== undefined && this.#of(link).seen.has(senderKey.sheet);
    return isTold || recipients.includes(link.peer) || [talker, switchNode, standbyNode].includes(link.peer);
  }

  #cameAhead(came: ReadSheet, link: PeerLink): void {
    const { identity, clock, events } = this.#parts;
    const isNews = !this.#kept.has(came.hash);
    this.#keep(came);
    if (!isNews) return;
    void expectSenderKey(identity, came.sheet);
    if (link.peer !== came.sheet.talker) return;
    if (this.#passedOn.take(link.peer, clock.monotonic())) this.#passOn(came, link);
    else events.emit('over', { node: link.peer, budget: 'sheetsPassedOn' });
  }

  /** The switch passes it on to the readers that follow it. */
  #passOn(made: ReadSheet, cameFrom: PeerLink | undefined): void {
    const readers = new Set<NodeId>(made.sheet.recipients);
    for (const link of this.#parts.office.downstream)
      if (readers.has(link.peer) && link !== cameFrom) this.#send(link, made);
  }

  #send(link: PeerLink, { hash, text }: ReadSheet): void {
    const { seen } = this.#of(link);
    if (seen.has(hash) || !this.#parts.office.readsSheets(link.peer)) return;
    seen.add(hash);
    link.send({ type: 'sheet', sheet: text });
  }

  /** Of each talker the newest sheets are kept: a person talks to few sets of people. */
  #keep(sheet: ReadSheet): void {
    this.#kept.delete(sheet.hash);
    const { talker } = sheet.sheet;
    const own = [...this.#kept.values()].filter((one) => one.sheet.talker === talker);
    const [oldestOwn] = own;
    if (own.length >= MAX_KEPT_OF_TALKER && oldestOwn) this.#kept.delete(oldestOwn.hash);
    this.#kept.set(sheet.hash, sheet);
  }

  #of(link: PeerLink): LinkSheets {
    const known = this.#links.get(link) ?? { seen: new NewestSet(MAX_KEPT), waiting: [] };
    this.#links.set(link, known);
    return known;
  }
}

/** What goes by datagram, and over a link whose other end has the sheet. */
export function withoutSheet({ payload, signature }: Signed): Signed {
  return { payload, signature };
}
