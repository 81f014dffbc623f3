import type { MessageId } from '../model/index.ts';
import type { Follower, FollowEnd } from './follower.ts';

/** Who follows which message. */
export class Followers {
  readonly #byMessage = new Map<MessageId, Set<Follower>>();

  add(id: MessageId, follower: Follower): void {
    const followers = this.#byMessage.get(id) ?? new Set();
    this.#byMessage.set(id, followers.add(follower));
    void follower.done.then(() => {
      followers.delete(follower);
      if (followers.size === 0 && this.#byMessage.get(id) === followers) this.#byMessage.delete(id);
    });
  }

  has(id: MessageId): boolean {
    return this.#byMessage.has(id);
  }

  /** Fragment `n` of the message is held from now on. */
  arrived(id: MessageId, n: number): void {
    for (const follower of this.#byMessage.get(id) ?? []) follower.arrived(n);
  }

  poke(id: MessageId): void {
    for (const follower of this.#byMessage.get(id) ?? []) follower.poke();
  }

  end(id: MessageId, reason: FollowEnd): void {
    for (const follower of [...(this.#byMessage.get(id) ?? [])]) follower.end(reason);
  }

  endAll(reason: FollowEnd): void {
    for (const id of [...this.#byMessage.keys()]) this.end(id, reason);
  }
}
