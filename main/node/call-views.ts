import type { CalledAs, CallStatus } from '../../preload/api.ts';
import type { Calls } from '../calls/index.ts';
import type { Directory } from '../directory/index.ts';
import type { Clock, NodeId } from '../model/index.ts';
import type { Introductions } from './introductions.ts';

interface CallViewsParts {
  readonly calls: Pick<Calls, 'shown' | 'isSilenced'>;
  readonly introductions: Pick<Introductions, 'byOf'>;
  readonly directory: Pick<Directory, 'nodesOf' | 'get'>;
  readonly self: NodeId;
  readonly clock: Clock;
}

/** Makes views out of this computer's calls. */
export class CallViews {
  readonly #parts: CallViewsParts;
  /** Since when, by the person's clock: asked once, so that a view does not change with the time. */
  #since = new Map<string, number>();

  constructor(parts: CallViewsParts) {
    this.#parts = parts;
  }

  list(): readonly CallStatus[] {
    const since = new Map<string, number>();
    const { calls, introductions, clock } = this.#parts;
    const now = clock.now() - clock.monotonic();
    const list = calls.shown.map((call) => {
      const known = `${call.id} ${call.since}`;
      const at = this.#since.get(known) ?? Math.round(now + call.since);
      since.set(known, at);
      const { meant, transfer, transferredTo } = call;
      const putThroughBy = introductions.byOf(call);
      return {
        ...call,
        ...{ since: at, isSilenced: calls.isSilenced(call.id), ...this.#named(call.person) },
        alsoIn: this.#others(call.alsoIn, call.person),
        pickedUpBy: call.pickedUpBy && this.#named(call.pickedUpBy),
        meant: meant && this.#named(meant),
        transfer: transfer && { ...transfer, ...this.#named(transfer.person) },
        transferredTo: transferredTo && this.#named(transferredTo),
        putThroughBy: putThroughBy && this.#named(putThroughBy),
      };
    });
    this.#since = since;
    return list;
  }

  /** The people of these computers, each once, without this computer's own. */
  #others(nodes: readonly NodeId[], peer: NodeId): readonly CalledAs[] {
    const { directory, self } = this.#parts;
    const persons = new Set(nodes.flatMap((node) => directory.get(node)?.person ?? []));
    const own = directory.get(self)?.person;
    return [...persons].flatMap((person) => (person === peer || person === own ? [] : this.#named(person)));
  }

  #named(person: NodeId): CalledAs {
    const [node] = this.#parts.directory.nodesOf(person);
    return { person, name: node?.name ?? '', extension: node?.extension ?? '' };
  }
}
