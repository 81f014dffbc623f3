import * as v from 'valibot';
import { expectSenderKey, type Identity } from '../identity/index.ts';
import {
  BUDGETS,
  messageIdSchema,
  NewestMap,
  NewestSet,
  PeerBudget,
  readHeader,
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
 * At most this many statements on a message wait for its sheet: the manifest, some receipts, and half a minute of hashes.
 */
const MAX_DELAYED = 64;
/** A sheet that was asked for and has not come after this time can be asked for again, ms. */
const ASK_AGAIN_MS = 3000;

interface KeySheetsParts {
  readonly identity: Identity;
  readonly read: MessageReader;
  readonly office: OfficePort;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
}

/** The sheets of one link. */
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
  /** Work on later statements about the message, in order, to be done after its header. */
  readonly then: (() => void)[];
  /** When its sheet was asked for, ms. */
  readonly askedAt: number;
}

/** A header whose sheet has come, and the work that waited for it. */
type Released = Pick<Waiting, 'header' | 'then'>;

/**
 * Exchanges key sheets with other nodes. A sheet goes over each link once, before the first message where there is time. From then on
 * headers that name it are small. The sheets here are a cache: every stored message has its own copy of its sheet.
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

  // ---- sending

  /** Sends a sheet of this node to its readers ahead of the first message. */
  spread(made: ReadSheet): void {
    const { upstream } = this.#parts.office;
    this.#keep(made);
    if (upstream) this.#send(upstream, made);
    this.#passOn(made, undefined);
  }

  /** Announces a message. Its sheet goes along where the other end of the link has not seen it. */
  announce(link: PeerLink, header: Signed): void {
    const named = header.sheet === undefined ? undefined : sheetNamedBy(header);
    const { seen } = this.#of(link);
    const isSeen = named !== undefined && seen.has(named.sheet);
    if (named) seen.add(named.sheet);
    link.send({ type: 'announce', header: named && !isSeen ? header : withoutSheet(header) });
  }

  // ---- receiving

  /** A header with its sheet. Undefined: the sheet is not known here. */
  complete(header: Signed): Signed | undefined {
    const named = sheetNamedBy(header);
    return named ? this.#withSheet(header, named.sheet) : withoutSheet(header);
  }

  #withSheet(header: Signed, hash: string): Signed | undefined {
    const came = header.sheet === undefined ? undefined : readSheet(header.sheet);
    const sheet = came?.hash === hash ? came : this.#kept.get(hash);
    return sheet && { ...withoutSheet(header), sheet: sheet.text };
  }

  /**
   * As `complete`, for a header that came by datagram of its talker. If the sheet is not known here yet, the header has this node's own key
   * in its place. Who has to know all recipients waits for the sheet: switch and standby, and who perhaps has to hand the message on.
   */
  ofTalker(header: Signed): Signed | undefined {
    const { office } = this.#parts;
    const { self, switchNode, standbyNode } = office;
    const whole = this.complete(header);
    const { ownKey } = header;
    if (whole || switchNode === self || standbyNode === self || ownKey?.key.node !== self) return whole;
    const readable = { ...withoutSheet(header), ownKey };
    const facts = readHeader(readable);
    const mayBeHandedOn = facts && !facts.isDirect && office.standInFor(facts.talker) !== undefined;
    return mayBeHandedOn ? undefined : readable;
  }

  /** Keeps the sheet of a header that was verified, for the messages that follow. */
  verified({ sheet }: Signed): void {
    const read = sheet === undefined ? undefined : readSheet(sheet);
    if (read) this.#keep(read);
  }

  /** As `complete`, for a header that came over a link: an unknown sheet is asked for, and the header waits for it. */
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

  /** Runs `work` on a statement that came over a link; if the message's header waits for its sheet, after that header. */
  afterHeader(said: Signed, link: PeerLink, work: () => void): void {
    const waiting = this.#links.get(link)?.waiting ?? [];
    // Usually no header waits, and then the statement is not parsed here.
    const id = waiting.length === 0 ? undefined : readStatement(said, ofMessageSchema)?.id;
    const one = waiting.find((header) => header.id === id);
    if (!one) work();
    else if (one.then.length < MAX_DELAYED) one.then.push(work);
  }

  /**
   * Takes a sheet that came ahead of its first message or as an answer. Returns the headers that waited for it. A sheet is accepted
   * from its talker, or from the switch, which passes sheets on.
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

  /** Answers a node that lacks the sheet of a message. */
  wanted({ id }: ControlMessageOf<'sheet-wanted'>, link: PeerLink): void {
    const header = this.#parts.read.get(id)?.header;
    if (header?.signed.sheet === undefined || !this.#mayHave(link, header.facts)) return;
    link.send({ type: 'sheet', sheet: header.signed.sheet });
  }

  /** Whether that node may have the sheet: it has seen its hash over this link, or it receives or keeps the message. */
  #mayHave(link: PeerLink, { talker, recipients, senderKey }: Header): boolean {
    const { switchNode, standbyNode } = this.#parts.office;
    const hasSeen = senderKey !== undefined && this.#of(link).seen.has(senderKey.sheet);
    return hasSeen || recipients.includes(link.peer) || [talker, switchNode, standbyNode].includes(link.peer);
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

  /** As the switch: passes it on to the readers that are linked to this node. */
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

  /** Keeps the newest sheets of each talker: a person talks to few sets of people. */
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

/** The header without its sheet and a reader's own key, for a link whose other end has the sheet. */
export function withoutSheet({ sheet: _sheet, ownKey: _ownKey, ...signed }: Signed): Signed {
  return signed;
}

/** The header for a datagram to each node: without its sheet, and to a recipient with the own key of that one. */
export function forReaders(signed: Signed, { keys, senderKey }: Header): (node: NodeId) => Signed {
  const small = withoutSheet(signed);
  const own = new Map(senderKey ? keys.map((key) => [key.node, { salt: senderKey.salt, key }]) : []);
  return (node) => {
    const ownKey = own.get(node);
    return ownKey ? { ...small, ownKey } : small;
  };
}
