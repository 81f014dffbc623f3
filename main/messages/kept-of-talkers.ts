import { isPassing, type BudgetName, type MessageId, type NodeId } from '../model/index.ts';
import { isUnheard, type MessageStore, type StoredMessage } from '../store/index.ts';
import { isAwaited } from './copies.ts';
import { MAX_KEPT_BYTES_OF_TALKER, MAX_KEPT_OF_TALKER } from './limits.ts';
import type { OfficePort } from './ports.ts';

interface Sum {
  messages: number;
  bytes: number;
}

interface Counted {
  readonly account: string;
  readonly bytes: number;
}

interface KeptOfTalkersParts {
  readonly store: Pick<MessageStore, 'get' | 'on' | 'those'>;
  readonly office: Pick<OfficePort, 'accountOf' | 'isRemoved'>;
}

/**
 * Counts, for each talker, the messages here that retention does not delete: those that this node's person has not heard, and those
 * that this node keeps for others who have not got them. The computers of one account count as one talker. The counts are updated
 * as messages come and go, never by a scan.
 */
export class KeptOfTalkers {
  readonly #parts: KeptOfTalkersParts;
  readonly #counted = new Map<MessageId, Counted>();
  readonly #sums = new Map<string, Sum>();

  constructor(parts: KeptOfTalkersParts) {
    this.#parts = parts;
    this.recount();
    const count = (id: MessageId): void => this.#count(id, parts.store.get(id));
    parts.store.on('changed', count);
    parts.store.on('grown', count);
  }

  /** The budget that one more message of this talker would exceed. Undefined: it finds room. */
  isOver(talker: NodeId): BudgetName | undefined {
    const sum = this.#sums.get(this.#parts.office.accountOf(talker));
    if (!sum) return undefined;
    if (sum.messages >= MAX_KEPT_OF_TALKER) return 'keptOfTalker';
    return sum.bytes >= MAX_KEPT_BYTES_OF_TALKER ? 'keptBytesOfTalker' : undefined;
  }

  /** Counts this many more bytes for a message. False: its talker's budget has no room for them. */
  take(id: MessageId, bytes: number): boolean {
    const counted = this.#counted.get(id);
    if (!counted) return true;
    const sum = this.#sums.get(counted.account);
    if (!sum || sum.bytes + bytes > MAX_KEPT_BYTES_OF_TALKER) return false;
    sum.bytes += bytes;
    this.#counted.set(id, { ...counted, bytes: counted.bytes + bytes });
    return true;
  }

  /** Counts everything again, since other recipients are waited for after a removal or its withdrawal. */
  recount(): void {
    this.#counted.clear();
    this.#sums.clear();
    const { store } = this.#parts;
    for (const name of ['unheard', 'others', 'awaited'] as const)
      for (const message of store.those(name))
        if (!this.#counted.has(message.id)) this.#count(message.id, message);
  }

  #count(id: MessageId, message: StoredMessage | undefined): void {
    const { office } = this.#parts;
    const before = this.#counted.get(id);
    const counts = message !== undefined && waits(message, office);
    if (before) this.#add(before.account, -1, -before.bytes);
    if (!counts) {
      this.#counted.delete(id);
      return;
    }
    // The last fragments may still be on their way to the file.
    const bytes = message.state === 'complete' ? message.bytes : Math.max(message.bytes, before?.bytes ?? 0);
    const account = office.accountOf(message.header.facts.talker);
    this.#counted.set(id, { account, bytes });
    this.#add(account, 1, bytes);
  }

  #add(account: string, messages: number, bytes: number): void {
    const sum = this.#sums.get(account) ?? { messages: 0, bytes: 0 };
    this.#sums.set(account, sum);
    sum.messages += messages;
    sum.bytes += bytes;
    if (sum.messages === 0) this.#sums.delete(account);
  }
}

function waits(message: StoredMessage, office: KeptOfTalkersParts['office']): boolean {
  const { roles, local } = message;
  if (roles.mine === 'talker') return false;
  // It counts until it is discarded here.
  if (roles.mine === undefined && isPassing(message.header.facts)) return true;
  if (isUnheard(message) && local.deletedAt === undefined) return true;
  return roles.keeps && isAwaited(message, office);
}
