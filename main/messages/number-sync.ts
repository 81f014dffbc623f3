import {
  MAX_NUMBERS_IN_FRAME,
  NewestMap,
  firstOf,
  type MessageId,
  type NodeId,
  type Schedule,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { NumberClaim } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { isOwnOther, type OwnOthers } from './own-others.ts';
import type { OfficePort, PeerLink } from './ports.ts';

/** A computer that comes online gets the numbers of this many messages, the newest: older ones are rarely dialled. */
const MAX_TOLD = 1000;
/** Numbers that are given within this time are sent together, ms. */
const SEND_AFTER_MS = 1000;

interface NumberSyncParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly others: OwnOthers;
  readonly schedule: Schedule;
}

/**
 * Gives each message of a person with several computers one retrieval number at all of them. A computer that comes online and the
 * others exchange their numbers. One of the computers sends the number of a new message. Where numbers differ, answers are exchanged
 * until all agree (`RetrievalNumbers.merge`). With one computer nothing is sent.
 */
export class NumberSync {
  readonly #parts: NumberSyncParts;
  /** Numbers that were given here and not yet sent to the other computers. */
  readonly #given = new Map<MessageId, string>();
  /** The number of each message that was exchanged last. */
  readonly #exchanged = new NewestMap<MessageId, string>(MAX_TOLD);
  #cancel: (() => void) | undefined;

  constructor(parts: NumberSyncParts) {
    this.#parts = parts;
    parts.archive.read.on('changed', (id) => this.#changed(id));
  }

  /** These computers came online: one at least. */
  came(nodes: readonly NodeId[]): void {
    const numbers = this.#newest();
    for (const node of nodes) this.#tell(node, numbers);
  }

  /** Handles the numbers of another computer. A computer of another person is ignored. */
  receive({ numbers }: ControlMessageOf<'numbers'>, link: PeerLink): void {
    const { archive, office } = this.#parts;
    if (!isOwnOther(office, link.peer)) return;
    for (const { id, number } of numbers) this.#exchanged.set(id, number);
    const answer = archive.mergeNumbers(numbers);
    for (const { id, number } of answer) this.#exchanged.set(id, number);
    if (answer.length > 0) send(link, answer);
  }

  close(): void {
    this.#cancel?.();
  }

  #changed(id: MessageId): void {
    if (this.#parts.others.online.size === 0) return;
    const number = this.#parts.archive.read.get(id)?.local.number;
    if (number === undefined || this.#exchanged.get(id) === number) return;
    this.#given.set(id, number);
    this.#cancel ??= this.#parts.schedule(() => this.#sendGiven(), SEND_AFTER_MS);
  }

  /**
   * Usually all computers have the same messages. So the one with the lowest id sends, and the others answer where their numbers
   * differ.
   */
  #sendGiven(): void {
    this.#cancel = undefined;
    const { office, others } = this.#parts;
    const given = [...this.#given].map(([id, number]) => ({ id, number }));
    this.#given.clear();
    for (const { id, number } of given) this.#exchanged.set(id, number);
    if ([...others.online].some((node) => node < office.self)) return;
    for (const node of others.online) this.#tell(node, given);
  }

  #tell(node: NodeId, numbers: readonly NumberClaim[]): void {
    if (numbers.length === 0) return;
    void this.#parts.office.reach(node).then((link) => link && send(link, numbers));
  }

  #newest(): readonly NumberClaim[] {
    return firstOf(this.#parts.archive.read.newest(), MAX_TOLD)
      .reverse()
      .flatMap(({ id, local: { number } }) => (number === undefined ? [] : [{ id, number }]));
  }
}

function send(link: PeerLink, numbers: readonly NumberClaim[]): void {
  for (let at = 0; at < numbers.length; at += MAX_NUMBERS_IN_FRAME)
    link.send({ type: 'numbers', numbers: numbers.slice(at, at + MAX_NUMBERS_IN_FRAME) });
}
