import { BUDGETS, NewestMap, type NodeId } from '../model/index.ts';
import type { OfficePort, PeerLink } from './ports.ts';

/**
 * Talkers whose messages came before their records did, such as a new member: their messages cannot be verified yet. When the record
 * comes, the node that announced a message is asked for what waits.
 */
export class UnknownTalkers {
  readonly #office: Pick<OfficePort, 'signingKeyOf'>;
  /** The link over which a message of each talker was announced last; the oldest first. */
  readonly #links = new NewestMap<NodeId, PeerLink>(BUDGETS.unknownTalkers.inAll.atOnce);

  constructor(office: Pick<OfficePort, 'signingKeyOf'>) {
    this.#office = office;
  }

  /** A message of this talker came over that link, and could not be read. */
  met(talker: NodeId, link: PeerLink): void {
    if (this.#office.signingKeyOf(talker) !== undefined) return;
    this.#links.set(talker, link);
  }

  /** Records may have come. */
  look(): void {
    const asked = new Set<PeerLink>();
    for (const [talker, link] of this.#links) {
      if (this.#office.signingKeyOf(talker) === undefined) continue;
      this.#links.delete(talker);
      asked.add(link);
    }
    for (const link of asked) link.send({ type: 'inbox', receiptsOf: [] });
  }

  linkLost(link: PeerLink): void {
    for (const [talker, announcer] of this.#links) if (announcer === link) this.#links.delete(talker);
  }
}
