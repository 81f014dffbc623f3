import type { MessageId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
import { MAX_HOLDERS } from './limits.ts';
import type { OfficePort, PeerLink } from './ports.ts';

/** Which nodes can be asked for a message: its talker, the switch, and nodes that announced it over a link. */
export class Holders {
  readonly #read: MessageReader;
  readonly #office: OfficePort;
  readonly #links = new Map<MessageId, Set<PeerLink>>();

  constructor(read: MessageReader, office: OfficePort) {
    this.#read = read;
    this.#office = office;
  }

  /** Of how many messages something is known. */
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
  }

  linkLost(link: PeerLink): void {
    for (const [id, links] of this.#links) {
      links.delete(link);
      if (links.size === 0) this.#links.delete(id);
    }
  }

  /** The link to the node that is asked first; undefined while none is up. */
  sourceOf({ id, header }: StoredMessage): PeerLink | undefined {
    const { talker } = header.facts;
    return this.#office.linkTo(talker) ?? this.#office.upstream ?? [...(this.#links.get(id) ?? [])][0];
  }
}
