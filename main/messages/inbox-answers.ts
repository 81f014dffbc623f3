import { BUDGETS, TokenBucket, type MessageId } from '../model/index.ts';
import type { MessagePorts, PeerLink } from './ports.ts';

/** How long one answer may use the thread before other work has its turn, ms. */
const SLICE_MS = BUDGETS.frameTime.inAll.atOnce;

/** The content of an `inbox` frame. */
export interface InboxQuestion {
  /** Its own messages whose receipts it may lack; left out: all. */
  readonly receiptsOf?: readonly MessageId[] | undefined;
}

export type InboxAnswerPorts = Pick<MessagePorts, 'clock' | 'schedule' | 'nextTurn'> & {
  readonly log: (line: string) => void;
};

/** Whether the answer may use more of the thread, now or after a pause. False: the node that asked has gone. */
export type MayGoOn = () => boolean | Promise<boolean>;
type Answer = (link: PeerLink, question: InboxQuestion, mayGoOn: MayGoOn) => Promise<void>;

interface Asker {
  readonly budget: TokenBucket;
  /** The question to answer next. */
  asked: InboxQuestion | undefined;
  isAnswered: boolean;
  cancel: (() => void) | undefined;
}

/**
 * Answers nodes that ask for the messages waiting for them. An answer looks at every message that is kept here, so one answer serves
 * all requests that came before it begins. A node gets a few answers at once, and then one every few seconds. No request is lost:
 * one that comes while an answer is being made is answered by the next one.
 */
export class InboxAnswers {
  readonly #answer: Answer;
  readonly #ports: InboxAnswerPorts;
  readonly #askers = new Map<PeerLink, Asker>();

  constructor(answer: Answer, ports: InboxAnswerPorts) {
    this.#answer = answer;
    this.#ports = ports;
  }

  ask(link: PeerLink, question: InboxQuestion = {}): void {
    const asker = this.#askers.get(link) ?? newAsker();
    this.#askers.set(link, asker);
    asker.asked = asker.asked ? together(asker.asked, question) : question;
    this.#go(link, asker);
  }

  linkLost(link: PeerLink): void {
    this.#askers.get(link)?.cancel?.();
    this.#askers.delete(link);
  }

  close(): void {
    for (const link of [...this.#askers.keys()]) this.linkLost(link);
  }

  #go(link: PeerLink, asker: Asker): void {
    const { asked } = asker;
    if (!asked || asker.isAnswered || asker.cancel) return;
    const waitMs = asker.budget.waitMs(this.#ports.clock.monotonic());
    if (waitMs > 0) {
      asker.cancel = this.#ports.schedule(() => {
        asker.cancel = undefined;
        this.#go(link, asker);
      }, Math.ceil(waitMs));
      return;
    }
    asker.budget.take(this.#ports.clock.monotonic());
    asker.asked = undefined;
    asker.isAnswered = true;
    this.#answer(link, asked, this.#pacing(link, asker))
      .catch((error: unknown) =>
        this.#ports.log(`What waits for ${link.peer} was not told: ${String(error)}`),
      )
      .finally(() => {
        asker.isAnswered = false;
        if (this.#askers.get(link) === asker) this.#go(link, asker);
      });
  }

  #pacing(link: PeerLink, asker: Asker): MayGoOn {
    const { clock, nextTurn } = this.#ports;
    const isWaiting = (): boolean => this.#askers.get(link) === asker;
    let since = clock.monotonic();
    return () => {
      if (clock.monotonic() - since < SLICE_MS) return isWaiting();
      return Promise.all([nextTurn(), link.drained()]).then(() => {
        since = clock.monotonic();
        return isWaiting();
      });
    };
  }
}

function newAsker(): Asker {
  const budget = new TokenBucket(BUDGETS.inboxAnswers.perPeer);
  return { budget, asked: undefined, isAnswered: false, cancel: undefined };
}

/** One question whose answer serves both. */
function together(before: InboxQuestion, now: InboxQuestion): InboxQuestion {
  if (!before.receiptsOf || !now.receiptsOf) return {};
  const all = new Set([...now.receiptsOf, ...before.receiptsOf]);
  return { receiptsOf: [...all].slice(0, BUDGETS.receiptsAsked.perPeer.atOnce) };
}
