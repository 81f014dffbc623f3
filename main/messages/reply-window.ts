import type { Clock, Emitter, NodeId, Schedule } from '../model/index.ts';
import type { MessageEvents } from './events.ts';
import type { Inbox } from './inbox.ts';
import type { Turns } from './turns.ts';

/** For this long after somebody spoke, the reply key reaches them, ms. */
const OPEN_MS = 15_000;

interface ReplyWindowParts {
  readonly inbox: Pick<Inbox, 'speaking'>;
  readonly turns: Pick<Turns, 'current'>;
  readonly events: Emitter<MessageEvents>;
  readonly clock: Pick<Clock, 'now'>;
  readonly schedule: Schedule;
}

/** Whom a reply reaches: the talker whom the person hears now, otherwise the one whom they heard last. */
export class ReplyWindow {
  readonly #parts: ReplyWindowParts;
  #last: { readonly talker: NodeId; readonly until: number } | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: ReplyWindowParts) {
    this.#parts = parts;
    parts.events.on('spoke', (talker) => this.#open(talker));
  }

  /** Undefined: nobody speaks, and nobody did within the last seconds. */
  get talker(): NodeId | undefined {
    return this.#speaking ?? this.#last?.talker;
  }

  /** Until when a reply reaches the last talker, ms since the epoch. Undefined while they speak, and if nobody spoke. */
  get until(): number | undefined {
    return this.#speaking === undefined ? this.#last?.until : undefined;
  }

  /** The person talked to these nodes: that prolongs the window of a conversation, or closes it if they talked to others. */
  talked(nodes: readonly NodeId[]): void {
    if (!this.#last) return;
    if (nodes.includes(this.#last.talker)) this.#open(this.#last.talker);
    else this.close();
  }

  close(): void {
    this.#cancel?.();
    this.#last = undefined;
  }

  get #speaking(): NodeId | undefined {
    const { inbox, turns } = this.#parts;
    return (inbox.speaking[0] ?? turns.current)?.talker;
  }

  #open(talker: NodeId): void {
    const { clock, schedule, events } = this.#parts;
    this.#cancel?.();
    this.#last = { talker, until: clock.now() + OPEN_MS };
    this.#cancel = schedule(() => {
      this.close();
      events.emit('changed', undefined);
    }, OPEN_MS);
    events.emit('changed', undefined);
  }
}
