import { until } from '../../test/support/hand-time.ts';
import type { Identity } from '../identity/index.ts';
import { nextTurn } from '../model/index.ts';
import type { ControlMessage } from '../signalling/index.ts';
import { LedgerSync } from './ledger-sync.ts';
import { HandLink } from './test-network.ts';
import type { TestDesk } from './test-office.ts';

/** A node's side: its ledger, what it exchanges, and whom it has found to be members. */
export class Side {
  readonly desk: TestDesk;
  readonly sync: LedgerSync;
  readonly welcomed: string[] = [];
  readonly over: string[] = [];

  constructor(desk: TestDesk) {
    this.desk = desk;
    this.sync = new LedgerSync({
      ledger: desk.ledger,
      schedule: desk.time.schedule,
      welcome: ({ peer }) => this.welcomed.push(peer),
      over: (_link, budget) => this.over.push(budget),
    });
    desk.ledger.events.on('added', ({ statements, from }) => this.sync.spread(statements, from));
    desk.ledger.events.on('standing', () => this.sync.settle());
  }

  get digest(): string {
    return this.desk.ledger.standing.digest;
  }
}

/** One end of a link between two sides. What is sent here comes to the other side, one frame after the other. */
export class End extends HandLink {
  #other: End | undefined;
  readonly #side: Side;
  #last: Promise<void> = Promise.resolve();
  waiting = 0;

  constructor(side: Side, peer: Identity) {
    super(peer.nodeId);
    this.#side = side;
    this.listen({
      onMessage: () => undefined,
      onFragments: () => undefined,
      onClose: () => {
        side.sync.down(this.asLink);
        void this.#other?.ends();
      },
    });
  }

  join(other: End): void {
    this.#other = other;
  }

  /** The other side closed it: what it sent before that is read first. */
  async ends(): Promise<void> {
    await this.#last;
    this.lose();
  }

  override send(message: ControlMessage): boolean {
    super.send(message);
    this.#other?.take(message);
    return true;
  }

  take(message: ControlMessage): void {
    this.waiting += 1;
    this.#last = this.#last.then(async () => {
      await this.#side.sync.taking(this.asLink);
      if (message.type === 'ledger') this.#side.sync.ledger(this.asLink, message);
      else if (message.type === 'have') this.#side.sync.have(this.asLink, message);
      else if (message.type === 'statements') this.#side.sync.statements(this.asLink, message);
      await this.#side.sync.taking(this.asLink);
      this.waiting -= 1;
    });
  }
}

export function connect(a: Side, b: Side): readonly [End, End] {
  const ends = [new End(a, b.desk.identity), new End(b, a.desk.identity)] as const;
  ends[0].join(ends[1]);
  ends[1].join(ends[0]);
  a.sync.up(ends[0].asLink);
  b.sync.up(ends[1].asLink);
  return ends;
}

/** Nothing is on its way any more. */
export async function quiet(ends: readonly End[]): Promise<void> {
  await until(() => ends.every(({ waiting }) => waiting === 0), 'the end of the exchange');
  await nextTurn();
}

export const types = ({ sent }: HandLink) => sent.map(({ type }) => type);
