import { fromBase64url, isSignedBy, spkiOfPoint, type NodeId, type Signed } from '../../model/index.ts';
import { Past } from './past.ts';
import {
  readLedgerStatement,
  recoveryNode,
  statementIdOf,
  type OfficeId,
  type Read,
  type StatementId,
} from './statement.ts';

/** Statements that came before what they name; more is dropped, the oldest first, and is sent again. */
const MAX_WAITING = 256;

/** A statement whose whole past is held and whose author, whose key stands in that past, signed it. */
export interface Entry {
  readonly id: StatementId;
  /** Counts the statements as they came: what is in its past has a lower one. */
  readonly index: number;
  /** The longest way to the charter, which has 0. */
  readonly depth: number;
  readonly by: NodeId;
  readonly after: readonly StatementId[];
  readonly past: Past;
  readonly signed: Signed;
  readonly read: Read;
}

/** What became of a statement that came. `waiting`: something in its past is not here yet. */
export type Intake = 'added' | 'known' | 'waiting' | 'refused';

interface Waiting {
  readonly id: StatementId;
  readonly signed: Signed;
  readonly read: Read;
}

/** The statements of one office that are held, whatever they are worth. Holds a set: no order of arrival changes it. */
export class History {
  readonly #office: OfficeId;
  readonly #entries: Entry[] = [];
  readonly #byId = new Map<StatementId, Entry>();
  /** By id and signature: whose signature is right shows only when the past is here, and a forged one must not take the place. */
  readonly #waiting = new Map<string, Waiting>();
  /** Signing keys (SPKI), and the statements that say that they are a member's. */
  readonly #keys = new Map<NodeId, { readonly key: Uint8Array; readonly saidBy: number[] }>();
  #ordered: readonly Entry[] | undefined;

  constructor(office: OfficeId) {
    this.#office = office;
  }

  get size(): number {
    return this.#entries.length;
  }

  get(id: StatementId): Entry | undefined {
    return this.#byId.get(id);
  }

  /** The entries from this index on, as they came. */
  since(index: number): readonly Entry[] {
    return this.#entries.slice(index);
  }

  /** By the length of the longest way to the charter, then by id: the same wherever the same statements are held. */
  get ordered(): readonly Entry[] {
    this.#ordered ??= [...this.#entries].sort((a, b) => a.depth - b.depth || (a.id < b.id ? -1 : 1));
    return this.#ordered;
  }

  /** What the waiting statements name and is neither held nor waiting itself. */
  get missing(): StatementId[] {
    const waiting = [...this.#waiting.values()];
    const ids = new Set(waiting.map(({ id }) => id));
    const named = new Set(waiting.flatMap(({ read }) => afterOf(read)));
    return [...named].filter((id) => !this.#byId.has(id) && !ids.has(id));
  }

  add(signed: Signed): Intake {
    const id = statementIdOf(signed);
    if (this.#byId.has(id)) return 'known';
    const read = readLedgerStatement(signed, this.#office);
    if (!read) return 'refused';
    if (this.#isPastHeld(read)) {
      if (!this.#enter(id, signed, read)) return 'refused';
      this.#retry();
      return 'added';
    }
    const key = `${id} ${signed.signature}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, { id, signed, read });
    for (const oldest of this.#waiting.keys()) {
      if (this.#waiting.size <= MAX_WAITING) break;
      this.#waiting.delete(oldest);
    }
    return 'waiting';
  }

  /** Those whose past is here by now. */
  #retry(): void {
    let entered = true;
    while (entered) {
      entered = false;
      for (const [key, { id, signed, read }] of this.#waiting) {
        if (!this.#isPastHeld(read)) continue;
        this.#waiting.delete(key);
        if (this.#byId.has(id)) continue;
        entered = this.#enter(id, signed, read) || entered;
      }
    }
  }

  #isPastHeld(read: Read): boolean {
    return read.kind === 'charter' || afterOf(read).every((id) => this.#byId.has(id));
  }

  #enter(id: StatementId, signed: Signed, read: Read): boolean {
    const before = afterOf(read).flatMap((named) => this.#byId.get(named) ?? []);
    const index = this.#entries.length;
    const past = new Past(index);
    for (const entry of before) {
      past.add(entry.index);
      past.addAll(entry.past);
    }
    const by = authorOf(read);
    const key = read.kind === 'charter' ? read.card.signingKey : this.#keyIn(past, by);
    if (!key || !isSignedBy(signed, key)) return false;
    const depth = before.reduce((longest, entry) => Math.max(longest, entry.depth + 1), 0);
    const entry: Entry = { id, index, depth, by, after: afterOf(read), past, signed, read };
    this.#entries.push(entry);
    this.#byId.set(id, entry);
    this.#ordered = undefined;
    for (const [node, signingKey] of keysOf(read)) {
      const known = this.#keys.get(node);
      if (known) known.saidBy.push(index);
      else this.#keys.set(node, { key: signingKey, saidBy: [index] });
    }
    return true;
  }

  #keyIn(past: Past, node: NodeId): Uint8Array | undefined {
    const known = this.#keys.get(node);
    return known && past.hasAny(known.saidBy) ? known.key : undefined;
  }
}

function authorOf(read: Read): NodeId {
  if (read.kind === 'charter') return read.charter.by;
  return read.kind === 'rule' ? read.rule.by : read.by;
}

function afterOf(read: Read): readonly StatementId[] {
  if (read.kind === 'charter') return [];
  return read.kind === 'rule' ? read.rule.after : read.after;
}

/** The signing keys that a statement brings in. */
function keysOf(read: Read): (readonly [NodeId, Uint8Array])[] {
  if (read.kind === 'later') return [];
  const card = read.card && ([read.card.node, read.card.signingKey] as const);
  const point =
    read.kind === 'charter'
      ? read.charter.recovery
      : read.rule.type === 'recovery'
        ? read.rule.key
        : undefined;
  const recoveryKey = point === undefined ? undefined : spkiOfPoint(fromBase64url(point));
  return [
    ...(card ? [card] : []),
    ...(point !== undefined && recoveryKey ? [[recoveryNode(point), recoveryKey] as const] : []),
  ];
}
