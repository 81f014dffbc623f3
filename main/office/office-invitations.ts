import {
  Invitations,
  statementNotSaved,
  type Identity,
  type InvitationId,
  type InvitationView,
  type InvitationsFile,
  type Ledger,
} from '../identity/index.ts';
import { Emitter, type Clock, type JsonFile, type NodeId, type Random, type Signed } from '../model/index.ts';

interface OfficeInvitationsParts {
  readonly identity: Pick<Identity, 'nodeId' | 'sign'>;
  readonly ledger: Ledger;
  readonly kept: InvitationsFile | undefined;
  readonly file: Pick<JsonFile<InvitationsFile>, 'write'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (line: string) => void;
}

interface OfficeInvitationsEvents {
  /** New records, to be sent to other nodes. `from`: the node that sent them; undefined: this node made them. */
  added: { readonly records: readonly Signed[]; readonly from: NodeId | undefined };
}

/** The invitations of the office on this computer: kept on the disk, and sent to all other nodes. */
export class OfficeInvitations {
  readonly events: Emitter<OfficeInvitationsEvents>;
  readonly #parts: OfficeInvitationsParts;
  #invitations: Invitations;
  /** The clock by which they end. */
  #time: Pick<Clock, 'now'>;
  /** Changes of this node, one after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(parts: OfficeInvitationsParts) {
    const { ledger, kept, clock, log } = parts;
    this.#parts = parts;
    this.#time = clock;
    this.events = new Emitter((error) => log(`A listener of the invitations failed: ${String(error)}`));
    this.#invitations = new Invitations(ledger, kept, clock.now());
  }

  /** From now on they end by the office’s time: a computer whose clock is wrong refuses nobody for that. */
  useClock(time: Pick<Clock, 'now'>): void {
    this.#time = time;
  }

  get book(): Invitations {
    return this.#invitations;
  }

  /** All records, for a node that may lack them. */
  get records(): readonly Signed[] {
    return this.#invitations.records;
  }

  list(): readonly InvitationView[] {
    return this.#invitations.list(this.#time.now());
  }

  /** Makes an invitation. Resolves with its join link once it is on the disk. @throws CorridorError `too-many-invitations`, `statement-not-saved` */
  async make(wish: { readonly spanMs?: number; readonly uses?: number }): Promise<string> {
    const { identity, random } = this.#parts;
    return this.#change((book) => {
      const { record, link } = book.make(identity, random.bytes(16), this.#time.now(), wish);
      return { records: [record], answer: link };
    });
  }

  /**
   * Replaces an invitation that ended by a new one with the uses that were left. Resolves with its join link once it is on the disk;
   * undefined where there is no such invitation. @throws CorridorError as `make`
   */
  async makeAnew(id: InvitationId): Promise<string | undefined> {
    const { identity, random } = this.#parts;
    return this.#change((book) => {
      const made = book.makeAnew(identity, id, random.bytes(16), this.#time.now());
      return { records: made?.records ?? [], answer: made?.link };
    });
  }

  /** Withdraws an invitation. False: there is none, or this node may not withdraw it. @throws CorridorError `statement-not-saved` */
  async withdraw(id: InvitationId): Promise<boolean> {
    const { identity } = this.#parts;
    return this.#change((book) => {
      const record = book.withdraw(identity, id, this.#time.now());
      return { records: record ? [record] : [], answer: record !== undefined };
    });
  }

  /** Takes in records that another node sent. */
  async take(records: readonly Signed[], from: NodeId): Promise<void> {
    const now = this.#time.now();
    this.#invitations.drop(now);
    const added = records.filter((record) => this.#invitations.add(record, now) === 'added');
    if (added.length === 0) return;
    this.events.emit('added', { records: added, from });
    await this.#save().catch((error: Error) =>
      this.#parts.log(`The invitations could not be saved: ${error.message}`),
    );
  }

  /** Makes a change of this node. What the disk refuses is taken back, so that nobody is shown what a restart would undo. */
  #change<T>(
    make: (book: Invitations) => { readonly records: readonly Signed[]; readonly answer: T },
  ): Promise<T> {
    const done = this.#changing.then(async () => {
      const before = this.#invitations.file;
      const { records, answer } = make(this.#invitations);
      if (records.length === 0) return answer;
      await this.#save().catch((error: unknown) => {
        this.#takeBack(before, records);
        throw statementNotSaved(error);
      });
      this.events.emit('added', { records, from: undefined });
      return answer;
    });
    this.#changing = done.catch(() => undefined);
    return done;
  }

  /** The invitations as they were, with what others sent meanwhile. */
  #takeBack(before: InvitationsFile, own: readonly Signed[]): void {
    const { ledger } = this.#parts;
    const now = this.#time.now();
    const since = this.#invitations.records.filter((record) => !own.includes(record));
    this.#invitations = new Invitations(ledger, before, now);
    for (const record of since) this.#invitations.add(record, now);
  }

  #save(): Promise<void> {
    return this.#parts.file.write(this.#invitations.file);
  }
}
