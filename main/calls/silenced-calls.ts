import type { CallId, NodeId } from '../model/index.ts';
import type { CallView } from './call.ts';
import type { CallListener } from './ports.ts';

/**
 * The calls in which the person muted whoever is at the other end, and does not hear them. A mute from before a call keeps it from
 * ringing and no more: a person who takes that call, or makes it, hears it.
 */
export class SilencedCalls {
  readonly #listener: Pick<CallListener, 'isMuted'>;
  readonly #ids = new Set<CallId>();

  constructor(listener: Pick<CallListener, 'isMuted'>) {
    this.#listener = listener;
  }

  /** The person mutes that colleague now. `calls`: all calls as they are now. */
  add(person: NodeId, calls: readonly CallView[]): void {
    for (const call of calls) if (call.person === person && call.state === 'active') this.#ids.add(call.id);
  }

  /** `node`: the computer at the other end. */
  has(id: CallId, node: NodeId): boolean {
    return this.#ids.has(id) && this.#listener.isMuted(node);
  }

  forget(id: CallId): void {
    this.#ids.delete(id);
  }
}
