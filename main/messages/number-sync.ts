import {
  MAX_NUMBERS_IN_FRAME,
  NewestMap,
  type MessageId,
  type NodeId,
  type Schedule,
} from '../model/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { NumberClaim } from '../store/index.ts';
import type { Archive } from './archive.ts';
import { isOwnOther, ownOthersOnline } from './own-others.ts';
import type { OfficePort, PeerLink } from './ports.ts';

/** Numbers of the newest messages that a computer is told when it comes online: older ones are rarely dialled. */
const MAX_TOLD = 1000;
/** Numbers of messages that come within this time are told together, ms. */
const TELL_AFTER_MS = 1000;

export interface NumberSyncParts {
  readonly archive: Archive;
  readonly office: OfficePort;
  readonly schedule: Schedule;
}

/**
 * The retrieval numbers of a person with several computers: each message has one number at all of them. A computer that comes
 * online and the others tell each other their numbers. Of a new message one of them tells the number. Where numbers differ the
 * answers go on until all agree (`RetrievalNumbers.merge`). With one computer nothing is sent.
 */
export class NumberSync {
  readonly #parts: NumberSyncParts;
  #others: ReadonlySet<NodeId> = new Set();
  /** Numbers that messages got here since the other computers were told. */
  readonly #given = new Map<MessageId, string>();
  /** The number of each message that was told last, by this computer or to it. */
  readonly #told = new NewestMap<MessageId, string>(MAX_TOLD);
  #cancel: (() => void) | undefined;

  constructor(parts: NumberSyncParts) {
    this.#parts = parts;
    parts.archive.read.on('changed', (id) => this.#changed(id));
  }

  /** Who is online may have changed. */
  expect(): void {
    const before = this.#others;
    this.#others = ownOthersOnline(this.#parts.office);
    if ([...this.#others].every((node) => before.has(node))) return;
    const numbers = this.#newest();
    for (const node of this.#others) if (!before.has(node)) this.#tell(node, numbers);
  }

  /** Another computer tells the numbers of its messages. A computer of another person is ignored. */
  receive({ numbers }: ControlMessageOf<'numbers'>, link: PeerLink): void {
    const { archive, office } = this.#parts;
    if (!isOwnOther(office, link.peer)) return;
    for (const { id, number } of numbers) this.#told.set(id, number);
    const answer = archive.mergeNumbers(numbers);
    for (const { id, number } of answer) this.#told.set(id, number);
    if (answer.length > 0) send(link, answer);
  }

  close(): void {
    this.#cancel?.();
  }

  #changed(id: MessageId): void {
    if (this.#others.size === 0) return;
    const number = this.#parts.archive.read.get(id)?.local.number;
    if (number === undefined || this.#told.get(id) === number) return;
    this.#given.set(id, number);
    this.#cancel ??= this.#parts.schedule(() => this.#tellGiven(), TELL_AFTER_MS);
  }

  /**
   * As a rule all computers have the same messages. So the one with the lowest id tells, and the others answer where their
   * numbers differ.
   */
  #tellGiven(): void {
    this.#cancel = undefined;
    const { self } = this.#parts.office;
    const given = [...this.#given].map(([id, number]) => ({ id, number }));
    this.#given.clear();
    for (const { id, number } of given) this.#told.set(id, number);
    if ([...this.#others].some((node) => node < self)) return;
    for (const node of this.#others) this.#tell(node, given);
  }

  #tell(node: NodeId, numbers: readonly NumberClaim[]): void {
    if (numbers.length === 0) return;
    void this.#parts.office.reach(node).then((link) => link && send(link, numbers));
  }

  #newest(): readonly NumberClaim[] {
    return this.#parts.archive.read
      .shown()
      .slice(-MAX_TOLD)
      .flatMap(({ id, local: { number } }) => (number === undefined ? [] : [{ id, number }]));
  }
}

function send(link: PeerLink, numbers: readonly NumberClaim[]): void {
  for (let at = 0; at < numbers.length; at += MAX_NUMBERS_IN_FRAME)
    link.send({ type: 'numbers', numbers: numbers.slice(at, at + MAX_NUMBERS_IN_FRAME) });
}
