import {
  BUDGETS,
  type Clock,
  type Emitter,
  type Header,
  type KnownNode,
  type MessageId,
  type NodeId,
  PeerBudget,
  type Schedule,
} from '../model/index.ts';
import { spokenAtOf, type StoredMessage } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { BrokenOff } from './broken-off.ts';
import type { Addressing } from './compose.ts';
import type { MessageEvents } from './events.ts';
import type { LogOfPeers } from './log-of-peers.ts';
import type { OfficePort } from './ports.ts';
import type { ReceiptSync } from './receipt-sync.ts';

/** A message stays with this person if it was spoken this much before the divert was chosen, ms: clocks differ. */
const SPOKEN_BEFORE_MS = 60_000;

/**
 * What came of a message is handed on after this long without a fragment while its talker is offline, ms: it cannot be taken back, and the
 * talker's computer may sleep or change its network.
 */
const SILENT_MS = 120_000;

export interface HandOnParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly receipts: ReceiptSync;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: LogOfPeers;
  /** Seals a message anew and sends it. `count`: this many of its first fragments, where it was broken off. */
  readonly forward: (message: StoredMessage, addressing: Addressing, count?: number) => Promise<unknown>;
  /** The message stays with this person, who is notified of it. */
  readonly keep: (id: MessageId) => void;
}

/**
 * Hands messages on to a diverted person's stand-in when the talker's node did not know of the divert: it had not heard of it yet, or
 * its version knows no diverts. Once such a message is whole, this node sends it to the stand-in as a message of its own. It never
 * sounds here. A message that was handed on is not handed on again, so each travels one hop. What came of a message that was broken
 * off goes on once it is over; where there are gaps in it, it stays, and this person is notified.
 */
export class HandOn {
  readonly #parts: HandOnParts;
  readonly #budget = new PeerBudget(BUDGETS.handedOn);
  readonly #brokenOff: BrokenOff;
  #isResumed = false;
  #last: Promise<void> = Promise.resolve();

  constructor(parts: HandOnParts) {
    this.#parts = parts;
    this.#brokenOff = new BrokenOff({
      ...{ ...parts, read: parts.archive.read, silentMs: SILENT_MS },
      over: (id) => void (this.#last = this.#last.then(() => this.#handOn(id))),
    });
    parts.archive.read.on('complete', (id) => this.#complete(id));
  }

  /** Handles a message that begins for this node. True: it goes to the stand-in, and this person is not notified of it. */
  takes(message: StoredMessage): boolean {
    const {
      id,
      header: { facts: header },
    } = message;
    const { archive, events, clock } = this.#parts;
    const standIn = this.#standInFor(header, spokenAtOf(message));
    if (standIn === undefined) return false;
    if (!this.#isMine(header)) return true;
    if (!this.#budget.take(header.talker, clock.monotonic())) {
      events.emit('over', { node: header.talker, budget: 'handedOn' });
      return false;
    }
    archive.markHandTo(id, standIn);
    // A short message may be whole by now.
    const marked = archive.read.get(id);
    if (marked) this.#goOn(marked);
    return true;
  }

  /** To be called when the office is reachable: hands on the messages that have waited since an earlier start. */
  resume(): void {
    if (this.#isResumed) return;
    this.#isResumed = true;
    for (const message of this.#parts.archive.read.unheard()) this.#goOn(message);
  }

  close(): void {
    this.#brokenOff.close();
  }

  /** `spokenAt`: ms, by this node's clock. */
  #standInFor(header: Header, spokenAt: number): NodeId | undefined {
    const { office } = this.#parts;
    const own = office.personOf(office.self);
    const { talker, diverted = [], isDirect, isQuiet, again, recipients } = header;
    if (isDirect || isQuiet || again !== undefined || office.personOf(talker) === own) return undefined;
    if (diverted.some(({ reached }) => reached === own)) return undefined;
    const standIn = office.standInFor(talker);
    if (!standIn || spokenAt + SPOKEN_BEFORE_MS < standIn.since) return undefined;
    const hasIt = recipients.some((node) => office.personOf(node) === standIn.person);
    return hasIt ? undefined : standIn.person;
  }

  /** Where several computers of this person are online, the one with the lowest id hands the message on. */
  #isMine({ recipients }: Header): boolean {
    const { office } = this.#parts;
    const own = office.personOf(office.self);
    const online = new Set(office.online);
    return !recipients.some(
      // A version that does not read key sheets hands nothing on either.
      (node) =>
        node < office.self && online.has(node) && office.readsSheets(node) && office.personOf(node) === own,
    );
  }

  #complete(id: MessageId): void {
    const message = this.#parts.archive.read.get(id);
    if (message?.roles.mine !== 'recipient') return;
    this.#goOn(message);
    this.#dropTwin(message);
  }

  #goOn({ id, state, local }: StoredMessage): void {
    if (!isWaiting(local)) return;
    if (state !== 'complete') return this.#brokenOff.watch(id);
    this.#last = this.#last.then(() => this.#handOn(id));
  }

  async #handOn(id: MessageId): Promise<void> {
    const { archive, receipts, forward, events, keep, log } = this.#parts;
    const message = archive.read.get(id);
    const to = message?.local.handTo;
    if (!message || to === undefined || !isWaiting(message.local)) return;
    try {
      const begun = this.#begun(id);
      // The power failed while it was sealed.
      if (begun && begun.state !== 'complete') await archive.discard(begun.id);
      if (begun?.state !== 'complete')
        await forward(message, this.#addressing(message, to), this.#piece(message));
    } catch (error) {
      log.say(
        message.header.facts.talker,
        `message ${id} was not handed on, and stays here: ${String(error)}`,
      );
      archive.markHandTo(id, undefined);
      keep(id);
      return;
    }
    archive.markPassedOn(id, to);
    // A receipt says that all of it was there.
    if (message.state === 'complete') receipts.handedOn(id, to);
    events.emit('changed', undefined);
  }

  /** @throws Error where none of the stand-in's computers is known */
  #addressing({ id, header: { facts } }: StoredMessage, to: NodeId): Addressing {
    const { office } = this.#parts;
    const own = office.personOf(office.self);
    const [recipients, [self]] = [office.knownNodesOf(to), own ? office.knownNodesOf(own) : []];
    const [first] = recipients;
    if (own === undefined || !self?.extension || !first?.extension) throw new Error('nobody is there');
    return {
      ...{ recipients, from: self.extension, to: first.extension, handsOn: id },
      // The talker of the original is named, not the one that a forwarded original names: no person listened in between.
      forwardedFrom: nameOf(facts.talker, office),
      diverted: [{ meant: own, reached: to }],
    };
  }

  /** Of a message that never got its end: how much of it is here, surely its talker's and without a gap. Undefined: all of it is here. */
  #piece({ id, state, manifest }: StoredMessage): number | undefined {
    const { read } = this.#parts.archive;
    if (state === 'complete') return undefined;
    return manifest || read.missing(id).length > 0 ? 0 : read.vouched(id);
  }

  #begun(id: MessageId): StoredMessage | undefined {
    const { archive } = this.#parts;
    return archive.read.naming(id, 'handsOn').find(({ roles }) => roles.mine === 'talker');
  }

  /**
   * Two computers of a person that did not know of each other may have handed on the same message. One of the two stays, the same
   * one everywhere.
   */
  #dropTwin(message: StoredMessage): void {
    const { archive, office, receipts, events } = this.#parts;
    const { handsOn, talker } = message.header.facts;
    if (handsOn === undefined) return;
    const twins = archive.read
      .naming(handsOn, 'handsOn')
      .filter(({ header: { facts }, roles, local, state }) => {
        const isSame =
          roles.mine === 'recipient' && office.personOf(facts.talker) === office.personOf(talker);
        return isSame && state === 'complete' && local.deletedAt === undefined;
      });
    const [first, ...others] = twins.sort((a, b) => (a.id < b.id ? -1 : 1));
    if (!first || others.length === 0) return;
    const isHeard = others.some(({ local }) => local.heard !== undefined);
    if (isHeard && archive.markHeard(first.id)) void receipts.signHeard(first.id);
    for (const { id } of others) {
      events.emit('settled', id);
      void archive.discard(id).then(() => events.emit('changed', undefined));
    }
  }
}

function isWaiting({ handTo, passedOn, heard, deletedAt }: StoredMessage['local']): boolean {
  return (
    handTo !== undefined && !passedOn?.includes(handTo) && heard === undefined && deletedAt === undefined
  );
}

function nameOf(talker: NodeId, office: OfficePort): string {
  const person = office.personOf(talker);
  const nodes: readonly KnownNode[] = person === undefined ? [] : office.knownNodesOf(person);
  return (nodes.find(({ node }) => node === talker) ?? nodes[0])?.name ?? 'Somebody unknown';
}
