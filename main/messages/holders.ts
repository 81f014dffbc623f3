import type { MessageId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import { MAX_HOLDERS } from './limits.ts';
import type { OfficePort, PeerLink } from './ports.ts';

/** The nodes that can be asked for a message: its talker, the switch, and nodes that announced it over a link. */
export class Holders {
  readonly #read: MessageReader;
  readonly #office: OfficePort;
  readonly #links = new Map<MessageId, Set<PeerLink>>();
  readonly #failed = new Map<MessageId, Set<PeerLink>>();

  constructor(read: MessageReader, office: OfficePort) {
    this.#read = read;
    this.#office = office;
  }

  /** The number of messages that have entries. */
  get size(): number {
    return this.#links.size;
  }

  /** The node at the other end announced the message, which is kept here. */
  add(id: MessageId, link: PeerLink): void {
    if (this.#read.get(id)?.state !== 'incomplete') return;
    const links = this.#links.get(id) ?? new Set<PeerLink>();
    if (links.size < MAX_HOLDERS) this.#links.set(id, links.add(link));
  }

  /** The message is whole here: nobody needs to be asked. */
  forget(id: MessageId): void {
    this.#links.delete(id);
    this.#failed.delete(id);
  }

  linkLost(link: PeerLink): void {
    for (const some of [this.#links, this.#failed]) {
      for (const [id, links] of some) {
        links.delete(link);
        if (links.size === 0) some.delete(id);
      }
    }
  }

  /**
   * That node was asked, and did not have all of the message: the others that announced it are asked first. Returns whether one of them
   * is left that has not failed.
   */
  failed(id: MessageId, link: PeerLink): boolean {
    const failed = this.#failed.get(id) ?? new Set<PeerLink>();
    this.#failed.set(id, failed.add(link));
    const message = this.#read.get(id);
    return message !== undefined && this.#linksOf(message).some((one) => !failed.has(one));
  }

  /** The link to the node that is asked first; undefined while none is up. */
  sourceOf(message: StoredMessage): PeerLink | undefined {
    const { id } = message;
    const links = this.#linksOf(message);
    const failed = this.#failed.get(id);
    const next = links.find((link) => !failed?.has(link));
    // Everybody was asked. It begins again with the first: a node that had only a part may have the whole message now.
    if (!next) this.#failed.delete(id);
    return next ?? links[0];
  }

  #linksOf({ id, header }: StoredMessage): PeerLink[] {
    return [
      this.#office.linkTo(header.facts.talker),
      this.#office.upstream,
      ...(this.#links.get(id) ?? []),
    ].filter((link) => link !== undefined);
  }
}
