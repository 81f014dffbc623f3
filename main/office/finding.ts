import type { LocalizedText } from '../../i18n/index.ts';
import type { Found, GivenAddress, SavedAddresses } from '../discovery/index.ts';
import { textOfError, type Clock, type NodeId } from '../model/index.ts';
import { officeTagOf } from '../identity/index.ts';
import type { MemberDatagrams } from './member-datagrams.ts';
import type { OfficeLedger } from './office-ledger.ts';
import type { Finder, OfficeNetwork } from './ports.ts';

interface FindingParts {
  readonly datagrams: MemberDatagrams;
  readonly network: OfficeNetwork;
  readonly clock: Clock;
  readonly addresses: SavedAddresses;
  readonly interfaces: readonly string[];
  /** The ports of this node. */
  readonly controlPort: number;
  readonly beatPort: number;
  /** Gives the office's tag, by which announcements of different offices differ. */
  readonly ledger: Pick<OfficeLedger, 'id' | 'standing'>;
  /** Reports why automatic discovery does not work; undefined: it works again. */
  readonly trouble: (text: LocalizedText | undefined) => void;
  readonly log: (line: string) => void;
}

/** Finds colleagues' computers: by mDNS, at saved addresses, and at addresses that a person gave. */
export class Finding {
  readonly #parts: FindingParts;
  #finder: Finder;
  #shownName: string | undefined;
  /** The last restart of the finder; restarts run one after the other. */
  #renaming: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(parts: FindingParts) {
    this.#parts = parts;
    this.#finder = this.#newFinder();
  }

  #newFinder(): Finder {
    const { datagrams, network, ledger, interfaces, controlPort, beatPort, trouble } = this.#parts;
    const officeTag = officeTagOf(ledger.id).toString('hex');
    const officeName = (this.#shownName = announcedName(ledger));
    const candidates = ({ addresses, beatPort: port, officeTag: theirs }: Found, isNews: boolean): void => {
      const [source] = addresses;
      if (theirs !== officeTag || source === undefined) return;
      for (const address of addresses) datagrams.foundCandidate({ address, port }, source, isNews);
    };
    return network.finder(
      {
        ...{ interfaces, shown: { controlPort, beatPort, officeTag, officeName } },
        isAlone: () => !datagrams.health().some(({ alive }) => alive),
        isKnown: ({ addresses, beatPort: port, officeTag: theirs }) =>
          theirs !== officeTag || addresses.some((address) => datagrams.knows({ address, port })),
      },
      {
        found: (found) => candidates(found, true),
        foundAgain: (found) => candidates(found, false),
        state: (state) => trouble(state.kind === 'trouble' ? textOfError(state.error) : undefined),
      },
    );
  }

  start(): void {
    const { datagrams, addresses } = this.#parts;
    for (const { address, beatPort: port } of addresses.seen)
      datagrams.addCandidate({ address, port }, { isLasting: true });
    for (const given of addresses.given) void this.lookAt(given);
    this.#finder.start();
  }

  /** To be called when the announced name of the office may have changed. */
  rename(): void {
    this.#renaming = this.#renaming.then(() => this.#showAnew());
  }

  async #showAnew(): Promise<void> {
    if (this.#isStopped || announcedName(this.#parts.ledger) === this.#shownName) return;
    await this.#finder.stop();
    this.#finder = this.#newFinder();
    // A `stop` that is called meanwhile waits for this, and then stops the new finder.
    this.#finder.start();
  }

  /** Calls an address that a person gave. A name that cannot be resolved is only logged, since it may be resolved later. */
  async lookAt({ host, port }: GivenAddress): Promise<void> {
    try {
      const address = await this.#parts.network.lookUp(host);
      this.#parts.datagrams.addCandidate({ address, port }, { isLasting: true, isUrgent: true });
    } catch {
      this.#parts.log(`There is no computer named ${host} on this network now.`);
    }
  }

  /** Saves the address at which a colleague was heard, for networks in which multicast does not get through. */
  remember(node: NodeId): void {
    const at = this.#parts.datagrams.addressOf(node);
    if (at)
      this.#parts.addresses.see({
        node,
        address: at.address,
        beatPort: at.port,
        seenAt: this.#parts.clock.now(),
      });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#renaming;
    await this.#finder.stop();
  }
}

/** The office's name as announced to outsiders; undefined: an admin hides it. */
function announcedName({ standing: { settings } }: FindingParts['ledger']): string | undefined {
  return settings.get('announced') === 'no' ? undefined : settings.get('name');
}
