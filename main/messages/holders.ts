import type { MessageId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import type { MessageReader } from './archive.ts';
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

  /** The node at the other end announced the message. */
  add(id: MessageId, link: PeerLink): void {
    if (this.#read.get(id)?.state === 'complete') return;
    const links = this.#links.get(id) ?? new Set<PeerLink>();
    this.#links.set(id, links.add(link));
  }

  /** The message is whole here: nobody needs to be asked. */
  forget(id: MessageId): void {
    this.#links.delete(id);
  }

  linkLost(link: PeerLink): void {
    for (const links of this.#links.values()) links.delete(link);
  }

  /** The link to the node that is asked first; undefined while none is up. */
  sourceOf({ id, header }: StoredMessage): PeerLink | undefined {
    const { talker } = header.facts;
    return this.#office.linkTo(talker) ?? this.#office.upstream ?? [...(this.#links.get(id) ?? [])][0];
  }
}
