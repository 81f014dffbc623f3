import type { CalledAs, CallStatus } from '../../preload/api.ts';
import type { Calls } from '../calls/index.ts';
import type { Directory } from '../directory/index.ts';
import type { Clock, NodeId } from '../model/index.ts';

/** Makes views out of this computer's calls. */
export class CallViews {
  readonly #calls: Pick<Calls, 'shown'>;
  readonly #directory: Pick<Directory, 'nodesOf' | 'get'>;
  readonly #self: NodeId;
  readonly #clock: Clock;
  /** Since when, by the person's clock: asked once, so that a view does not change with the time. */
  #since = new Map<string, number>();

  constructor(
    calls: Pick<Calls, 'shown'>,
    directory: Pick<Directory, 'nodesOf' | 'get'>,
    self: NodeId,
    clock: Clock,
  ) {
    this.#calls = calls;
    this.#directory = directory;
    this.#self = self;
    this.#clock = clock;
  }

  list(): readonly CallStatus[] {
    const since = new Map<string, number>();
    const now = this.#clock.now() - this.#clock.monotonic();
    const list = this.#calls.shown.map((call) => {
      const known = `${call.id} ${call.since}`;
      const at = this.#since.get(known) ?? Math.round(now + call.since);
      since.set(known, at);
      const { meant, transfer, transferredTo } = call;
      return {
        ...call,
        ...{ since: at, ...this.#named(call.person) },
        alsoIn: this.#others(call.alsoIn, call.person),
        pickedUpBy: call.pickedUpBy && this.#named(call.pickedUpBy),
        meant: meant && this.#named(meant),
        transfer: transfer && { ...transfer, ...this.#named(transfer.person) },
        transferredTo: transferredTo && this.#named(transferredTo),
      };
    });
    this.#since = since;
    return list;
  }

  /** The people of these computers, each once, without this computer's own. */
  #others(nodes: readonly NodeId[], peer: NodeId): readonly CalledAs[] {
    const persons = new Set(nodes.flatMap((node) => this.#directory.get(node)?.person ?? []));
    return [...persons].flatMap((person) =>
      person === peer || person === this.#directory.get(this.#self)?.person ? [] : [this.#named(person)],
    );
  }

  #named(person: NodeId): CalledAs {
    const [node] = this.#directory.nodesOf(person);
    return { person, name: node?.name ?? '', extension: node?.extension ?? '' };
  }
}
