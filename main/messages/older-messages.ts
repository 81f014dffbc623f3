import {
  faults,
  MAX_HISTORY,
  NewestSet,
  type Clock,
  type Emitter,
  type Manifest,
  type MessageId,
  type NodeId,
  type Schedule,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { Statement } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { endOf, headerOf } from './authors.ts';
import type { MessageEvents } from './events.ts';
import type { FragmentFetcher } from './fragment-fetcher.ts';
import type { Holders } from './holders.ts';
import type { Inbox } from './inbox.ts';
import { askerOf, grantIn, isForPersonOf } from './key-grants.ts';
import type { KeptOfTalkers } from './kept-of-talkers.ts';
import type { KeySheets } from './key-sheets.ts';
import { OlderQuestions } from './older-questions.ts';
import { isOwnOther } from './own-others.ts';
import type { HistoryPort, OfficePort, PeerLink } from './ports.ts';
import type { ReceiptSync } from './receipt-sync.ts';
import { spokenAt } from './spoken-at.ts';

/** A computer that has just come online has more urgent work first, ms. */
const BEGIN_AFTER_MS = 3000;
/** The pause between two messages, ms: a thousand take some minutes, and the load is not noticed. */
const BETWEEN_MS = 250;
/** The next message is asked for when the last one is here, or after this time, ms. */
const WHOLE_WITHIN_MS = 10_000;

interface OlderMessagesParts {
  readonly archive: Archive;
  readonly clock: Pick<Clock, 'now'>;
  readonly office: OfficePort;
  readonly sheets: KeySheets;
  readonly kept: KeptOfTalkers;
  readonly holders: Holders;
  readonly fetcher: FragmentFetcher;
  readonly inbox: Inbox;
  readonly receipts: ReceiptSync;
  readonly events: Emitter<MessageEvents>;
  readonly history: HistoryPort;
  readonly schedule: Schedule;
}

/**
 * Fetches older messages for a further computer of a person. It asks each node that it meets once for a list, the person's other
 * computers first, and then for one message after the other. A message that comes without a key is shown with the reason; its key is
 * asked for again whenever another computer of the person, or the talker's, comes online. A person's first computer asks nothing.
 */
export class OlderMessages {
  readonly #parts: OlderMessagesParts;
  /** Nodes that were asked for keys of sealed messages since they came online. */
  readonly #askedForKeys = new Set<NodeId>();
  /** Nodes that gave no list since they came online. */
  readonly #silent = new Set<NodeId>();
  /** Messages whose keys are not here, with their talkers. */
  readonly #sealed: Map<MessageId, NodeId>;
  /** Messages that came with their keys and are still arriving. */
  readonly #openableOnceWhole = new NewestSet<MessageId>(MAX_HISTORY);
  readonly #questions: OlderQuestions;
  #isRunning = false;
  #isClosed = false;
  /** Ends a pause. */
  #wake: (() => void) | undefined;

  constructor(parts: OlderMessagesParts) {
    this.#parts = parts;
    this.#questions = new OlderQuestions(parts.schedule);
    const sealed = parts.archive.read.those('sealed');
    this.#sealed = new Map(sealed.map(({ id, header }) => [id, header.facts.talker]));
    parts.archive.read.on('complete', (id) => {
      if (this.#openableOnceWhole.has(id)) this.#openable(id);
    });
  }

  /** To be called when the nodes that are online may have changed. */
  expect(): void {
    const online = new Set(this.#parts.office.online);
    for (const asked of [this.#askedForKeys, this.#silent])
      for (const node of asked) if (!online.has(node)) asked.delete(node);
    if (this.#isRunning || this.#isClosed || this.#next() === undefined) return;
    this.#isRunning = true;
    void this.#pause(BEGIN_AFTER_MS)
      .then(() => this.#run())
      .finally(() => (this.#isRunning = false));
  }

  /** Handles a part of a list. */
  history(frame: ControlMessageOf<'history'>, link: PeerLink): void {
    this.#questions.history(frame, link);
  }

  older(frame: ControlMessageOf<'older'>, link: PeerLink): void {
    this.#questions.older(frame, link);
  }

  linkDown(link: PeerLink): void {
    this.#questions.linkDown(link);
  }

  close(): void {
    this.#isClosed = true;
    this.#wake?.();
    this.#questions.end();
  }

  async #run(): Promise<void> {
    for (let node = this.#next(); node !== undefined && !this.#isClosed; node = this.#next()) {
      const link = await this.#parts.office.reach(node);
      const sealed = this.#sealedFor(node);
      this.#askedForKeys.add(node);
      if (link && (await this.#ask(sealed, link)) && !this.#parts.history.has(node)) await this.#walk(link);
      // It is asked again when it comes online.
      if (!this.#parts.history.has(node)) this.#silent.add(node);
    }
  }

  /** The node to ask next, for keys or for a list; this person's other computers come first. */
  #next(): NodeId | undefined {
    const { office, history } = this.#parts;
    const own = office.personOf(office.self);
    if (own === undefined) return undefined;
    const others = office.knownNodesOf(own).filter(({ node }) => node !== office.self);
    if (others.length === 0 && office.formerNodesOf(own).length === 0) return undefined;
    const { switchNode, standbyNode, online } = office;
    const first = online.filter((node) => isOwnOther(office, node));
    const keepers = online.filter((node) => node === switchNode || node === standbyNode);
    const order = [...new Set([...first, ...keepers, ...online])];
    return (
      order.find((node) => !this.#askedForKeys.has(node) && this.#sealedFor(node).length > 0) ??
      order.find((node) => !history.has(node) && !this.#silent.has(node))
    );
  }

  /** The sealed messages whose keys that node may grant, the latest first. */
  #sealedFor(node: NodeId): MessageId[] {
    const { archive, office } = this.#parts;
    const isOwn = isOwnOther(office, node);
    return [...this.#sealed].reverse().flatMap(([id, talker]) => {
      if (!isOwn && talker !== node) return [];
      if (archive.read.get(id)) return [id];
      this.#sealed.delete(id);
      return [];
    });
  }

  /** Asks for the list, and for each message on it that is missing here. */
  async #walk(link: PeerLink): Promise<void> {
    const ids = await this.#questions.historyOf(link);
    if (ids && (await this.#ask(ids, link)) && !this.#isClosed) this.#parts.history.add(link.peer);
  }

  /** Asks for one message after the other. False: the other end does not answer, or a message could not be kept. */
  async #ask(ids: readonly MessageId[], link: PeerLink): Promise<boolean> {
    if (ids.length === 0) return true;
    const { read } = this.#parts.archive;
    // Its talker sealed it again for this computer.
    const isSealedAgain = (id: MessageId) =>
      read.naming(id, 'again').some(({ roles }) => roles.mine === 'recipient');
    let isAllTaken = true;
    for (const id of ids) {
      if (this.#isClosed) return false;
      if (isSealedAgain(id) || !this.#isLacking(id)) continue;
      const answer = await this.#questions.olderOf(id, link);
      if (!answer) return false;
      if (this.#take(answer, link)) await this.#whole(id);
      else if (answer.found) isAllTaken = false;
      await this.#pause(BETWEEN_MS);
    }
    return isAllTaken;
  }

  #isLacking(id: MessageId): boolean {
    const { read } = this.#parts.archive;
    const message = read.get(id);
    if (message?.roles.mine === undefined) return !read.wasDeleted(id);
    return message.local.sealed === true;
  }

  /** Keeps a message, with its key if that came. Returns whether it was kept. */
  #take({ id, found }: ControlMessageOf<'older'>, link: PeerLink): boolean {
    const { archive, office, sheets, kept, inbox, clock } = this.#parts;
    const grant = found?.grant;
    const whole = found && sheets.complete(found.header);
    // The talker may have been removed since. Their earlier messages are accepted from nodes that kept them for this person.
    const { switchNode, standbyNode } = office;
    const orFormer = isOwnOther(office, link.peer) || [switchNode, standbyNode].includes(link.peer);
    const header = whole && headerOf(whole, office, orFormer);
    const end = header && endOf(header.facts, found.manifest, office, orFormer);
    const asker = askerOf(office.self, office);
    if (!asker || header?.facts.id !== id || !end || !isForPersonOf(asker, header.facts, office))
      return false;
    const isNew = archive.read.get(id)?.roles.mine !== 'recipient';
    if (isNew && (kept.isOver(header.facts.talker) || archive.read.wasDeleted(id))) return false;
    // What its talker's clock is like now says nothing of that time.
    const coming = { now: clock.now(), aheadMs: undefined, isFresh: false };
    const how = { isOlder: true, spokenAt: spokenAt(header.facts, coming) };
    if (isNew) archive.begin(header, { mine: 'recipient', keeps: false }, how);
    const granted = grant && grantIn(grant, header.facts, office.self, link.peer, office);
    if (granted) archive.keepGrant(id, office.self, grant);
    archive.markSealed(id, !granted);
    if (granted) this.#sealed.delete(id);
    else this.#sealed.set(id, header.facts.talker);
    if (granted?.heard) inbox.heardElsewhere(id);
    this.#fetch(id, end, link)
      .then(() => granted && this.#openable(id))
      .catch((error: unknown) => faults.tell('an older message', error));
    return true;
  }

  async #fetch(id: MessageId, end: Statement<Manifest>, link: PeerLink): Promise<void> {
    const { archive, holders, fetcher } = this.#parts;
    await archive.end(end);
    holders.add(id, link);
    fetcher.watch(id);
  }

  /** The message's key is here: once all of it is, the person is notified if they have not heard it. */
  #openable(id: MessageId): void {
    const { archive, inbox, receipts, events } = this.#parts;
    const message = archive.read.get(id);
    if (message?.state !== 'complete') {
      this.#openableOnceWhole.add(id);
      return;
    }
    this.#openableOnceWhole.delete(id);
    receipts.sign(id, 'received');
    if (message.local.heard === undefined) inbox.later(id);
    events.emit('changed', undefined);
  }

  /** Resolves when all of it is here, or after a while. */
  #whole(id: MessageId): Promise<void> {
    const { archive, schedule } = this.#parts;
    if (archive.read.get(id)?.state === 'complete') return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        stop();
        cancel();
        resolve();
      };
      const stop = archive.read.on('complete', (one) => one === id && end());
      const cancel = schedule(end, WHOLE_WITHIN_MS);
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.schedule(resolve, ms);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
