import {
  ballots,
  dueVotes,
  unsettled,
  type Ballot,
  type Identity,
  type Ledger,
  type Standing,
  type StatementId,
  type Vote,
} from '../identity/index.ts';
import type { Ports } from '../model/index.ts';
import type { SigningPause } from './signing-pause.ts';

interface LedgerDisputesParts extends Pick<Ports, 'clock' | 'schedule' | 'random'> {
  /** This node, whose keys can change. */
  readonly identity: Pick<Identity, 'nodeId'>;
  readonly ledger: Ledger;
  readonly pause: SigningPause;
  /** Signs and sends a vote. */
  readonly sign: (vote: Vote) => Promise<unknown>;
  /** Is called when statements have to be weighed again. */
  readonly settle: () => void;
  readonly log: (line: string) => void;
}

/** Handles statements that contradict earlier ones: this node votes against them, and counts them only after a delay. */
export class LedgerDisputes {
  readonly #parts: LedgerDisputesParts;
  /** The exchange in which each statement came; those from before this start have none. */
  readonly #exchanges = new Map<StatementId, number>();
  /** The votes that this node has signed since it started, or is signing, as pairs of preferred and other party. */
  readonly #voted = new Set<string>();
  #ballots: readonly Ballot[] = [];
  #cancelLook: (() => void) | undefined;
  #signing = 0;
  #isWaitingToSign = false;
  #isClosed = false;

  constructor(parts: LedgerDisputesParts) {
    this.#parts = parts;
  }

  /** Notes that these statements came in one exchange. */
  came(ids: readonly StatementId[], exchange: number): void {
    for (const id of ids) this.#exchanges.set(id, exchange);
  }

  /** Votes where votes are due. Returns the statements that must not count yet. */
  weigh(standing: Standing): ReadonlySet<StatementId> {
    const { clock, random } = this.#parts;
    const now = clock.monotonic();
    this.#forgetLeft();
    this.#ballots = ballots(standing.contests, this.#exchanges, this.#ballots, now, () => random.fraction());
    this.#vote(standing, now);
    this.#lookAgain(now);
    return unsettled(this.#ballots, now);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelLook?.();
  }

  #lookAgain(now: number): void {
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    let next = Infinity;
    for (const { signAtMs, settlesAtMs } of this.#ballots) {
      if (signAtMs > now) next = Math.min(next, signAtMs);
      if (settlesAtMs > now) next = Math.min(next, settlesAtMs);
    }
    if (next === Infinity || this.#isClosed) return;
    this.#cancelLook = this.#parts.schedule(this.#parts.settle, Math.ceil(next - now));
  }

  #vote(standing: Standing, now: number): void {
    const { identity, ledger, pause, sign, log } = this.#parts;
    const self = identity.nodeId;
    const person = standing.members.get(self)?.person;
    if (person === undefined || this.#ballots.length === 0) return;
    if (!pause.isOver) return this.#voteLater();
    const { signed, signedOnNumbers } = ledger.votesOf(self);
    const voter = {
      ...{ node: self, person },
      ...{ signed: signed + this.#signing, signedOnNumbers: signedOnNumbers + this.#signing },
    };
    for (const { first, over } of dueVotes(this.#ballots, standing.contests, voter, now)) {
      const vote = `${first} ${over}`;
      if (this.#voted.has(vote)) continue;
      this.#voted.add(vote);
      this.#signing += 1;
      void sign({ first, over })
        .catch((error: Error) => {
          this.#voted.delete(vote);
          log(`A vote could not be signed: ${error.message}`);
        })
        .finally(() => (this.#signing -= 1));
    }
  }

  #voteLater(): void {
    if (this.#isWaitingToSign) return;
    this.#isWaitingToSign = true;
    void this.#parts.pause.over.then(() => {
      this.#isWaitingToSign = false;
      this.#parts.settle();
    });
  }

  /** Forgets statements that have left the ledger. */
  #forgetLeft(): void {
    const { ledger } = this.#parts;
    if (this.#exchanges.size <= ledger.size) return;
    for (const id of this.#exchanges.keys()) if (!ledger.get(id)) this.#exchanges.delete(id);
  }
}
