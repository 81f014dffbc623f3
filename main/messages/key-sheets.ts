import { expectSenderKey, type Identity } from '../identity/index.ts';
import {
  BUDGETS,
  readSheet,
  sheetNamedBy,
  type Emitter,
  type NodeId,
  type ReadSheet,
  type Signed,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { MessageReader } from './archive.ts';
import type { MessageEvents } from './events.ts';
import type { OfficePort, PeerLink } from './ports.ts';

const MAX_KEPT = BUDGETS.keySheets.inAll.atOnce;
const MAX_KEPT_OF_TALKER = BUDGETS.keySheets.perPeer.atOnce;
const MAX_WAITING = BUDGETS.headersWaiting.perPeer.atOnce;

export interface KeySheetsParts {
  readonly identity: Identity;
  readonly read: MessageReader;
  readonly office: OfficePort;
  readonly events: Emitter<MessageEvents>;
}

/** What is known of the sheets of one link. */
interface LinkSheets {
  /** The hashes of those that both ends have seen on it. */
  readonly seen: Set<string>;
  /** Headers that came over it and whose sheet was asked for. */
  readonly waiting: { readonly sheet: string; readonly header: Signed }[];
}

/**
 * Key sheets between the nodes: each goes to its readers once, ahead of the first message where there is time, and over each link
 * once. A header that names it is small from then on. What is kept of them here is a memory alone: every message has its own with it.
 */
export class KeySheets {
  readonly #parts: KeySheetsParts;
  /** By hash, the one that was named last at the end. */
  readonly #kept = new Map<string, ReadSheet>();
  readonly #links = new WeakMap<PeerLink, LinkSheets>();

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
    if (named) remember(seen, named.sheet);
    link.send({ type: 'announce', header: isSeen ? withoutSheet(header) : header });
  }

  // ---- what other nodes send

  /** A header with its sheet. Undefined: the sheet is not known here. */
  complete(header: Signed): Signed | undefined {
    const named = sheetNamedBy(header);
    if (!named) return header;
    const came = header.sheet === undefined ? undefined : readSheet(header.sheet);
    const sheet = came?.hash === named.sheet ? came : this.#kept.get(named.sheet);
    if (!sheet) return undefined;
    this.#keep(sheet);
    return { ...header, sheet: sheet.text };
  }

  /** The same for what came over a link: a sheet that is not known is asked for, and the header waits for it. */
  completeOrAsk(header: Signed, link: PeerLink): Signed | undefined {
    const named = sheetNamedBy(header);
    const whole = this.complete(header);
    const { seen, waiting } = this.#of(link);
    if (named && whole) remember(seen, named.sheet);
    if (!named || whole) return whole;
    if (!waiting.some(({ sheet }) => sheet === named.sheet))
      link.send({ type: 'sheet-wanted', id: named.id });
    waiting.push({ sheet: named.sheet, header });
    if (waiting.length > MAX_WAITING) {
      waiting.shift();
      this.#parts.events.emit('over', { node: link.peer, budget: 'headersWaiting' });
    }
    return undefined;
  }

  /**
   * A sheet came, ahead or because it was asked for. Returns the headers that waited for it. It counts where its talker sent it, or a
   * node that passes on what is for the office.
   */
  received({ sheet: text }: ControlMessageOf<'sheet'>, link: PeerLink): readonly Signed[] {
    const { office, identity } = this.#parts;
    const came = readSheet(text);
    if (!came) return [];
    const of = this.#of(link);
    const waited = of.waiting.filter(({ sheet }) => sheet === came.hash);
    const isAhead = link.peer === came.sheet.talker || link.peer === office.switchNode;
    if (waited.length === 0 && !isAhead) return [];
    remember(of.seen, came.hash);
    const isNews = !this.#kept.has(came.hash);
    this.#keep(came);
    if (waited.length > 0)
      of.waiting.splice(0, Infinity, ...of.waiting.filter(({ sheet }) => sheet !== came.hash));
    else if (isNews) {
      void expectSenderKey(identity, came.sheet);
      if (link.peer === came.sheet.talker) this.#passOn(came, link);
    }
    return waited.map(({ header }) => ({ ...header, sheet: came.text }));
  }

  /** The other end of the link was told of a message, and lacks its sheet. */
  wanted({ id }: ControlMessageOf<'sheet-wanted'>, link: PeerLink): void {
    const header = this.#parts.read.get(id)?.header.signed;
    const named = header && sheetNamedBy(header);
    if (header?.sheet === undefined || !named || !this.#of(link).seen.has(named.sheet)) return;
    link.send({ type: 'sheet', sheet: header.sheet });
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
    remember(seen, hash);
    link.send({ type: 'sheet', sheet: text });
  }

  /** Of one talker the newest are kept: a person talks to few sets of people. */
  #keep(sheet: ReadSheet): void {
    this.#kept.delete(sheet.hash);
    this.#kept.set(sheet.hash, sheet);
    const { talker } = sheet.sheet;
    const own = [...this.#kept.values()].filter((one) => one.sheet.talker === talker);
    const [oldestOwn] = own;
    if (own.length > MAX_KEPT_OF_TALKER && oldestOwn) this.#kept.delete(oldestOwn.hash);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  #of(link: PeerLink): LinkSheets {
    const known = this.#links.get(link) ?? { seen: new Set(), waiting: [] };
    this.#links.set(link, known);
    return known;
  }
}

/** What goes by datagram, and over a link whose other end has the sheet. */
export function withoutSheet({ payload, signature }: Signed): Signed {
  return { payload, signature };
}

function remember(seen: Set<string>, hash: string): void {
  seen.delete(hash);
  seen.add(hash);
  const [oldest] = seen;
  if (seen.size > MAX_KEPT && oldest !== undefined) seen.delete(oldest);
}
