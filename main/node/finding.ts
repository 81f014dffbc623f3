import { lookup } from 'node:dns/promises';
import type { LocalizedText } from '../../i18n/index.ts';
import { Discovery, type GivenAddress, type SavedAddresses } from '../discovery/index.ts';
import type { NodeId } from '../model/index.ts';
import type { Beats } from './beats.ts';
import { textOfError } from './troubles.ts';

export interface FindingParts {
  readonly beats: Beats;
  readonly addresses: SavedAddresses;
  readonly interfaces: readonly string[];
  /** The ports of this node. */
  readonly controlPort: number;
  readonly beatPort: number;
  /** Tells offices apart. */
  readonly officeTag: string;
  /** What is wrong with finding colleagues by themselves; undefined: nothing any more. */
  readonly trouble: (said: LocalizedText | undefined) => void;
  readonly log: (line: string) => void;
}

/** Colleagues' computers: found by multicast, where they were heard before, and at addresses that a person gave. */
export class Finding {
  readonly #parts: FindingParts;
  readonly #discovery: Discovery;

  constructor(parts: FindingParts) {
    const { beats, interfaces, controlPort, beatPort, officeTag, trouble } = parts;
    this.#parts = parts;
    this.#discovery = new Discovery(
      { interfaces, controlPort, beatPort, officeTag },
      {
        found: ({ addresses, beatPort: port, officeTag: theirs }) => {
          if (theirs !== officeTag) return;
          for (const address of addresses) beats.addCandidate({ address, port });
        },
        state: (state) => trouble(state.kind === 'trouble' ? textOfError(state.error) : undefined),
      },
    );
  }

  start(): void {
    const { beats, addresses } = this.#parts;
    for (const { address, beatPort: port } of addresses.seen) beats.addCandidate({ address, port });
    for (const given of addresses.given) void this.lookAt(given);
    this.#discovery.start();
  }

  /** Asks at an address that a person gave. A name that no computer has is logged: it may have one later. */
  async lookAt({ host, port }: GivenAddress): Promise<void> {
    try {
      const { address } = await lookup(host, { family: 4 });
      this.#parts.beats.addCandidate({ address, port });
    } catch {
      this.#parts.log(`There is no computer named ${host} on this network now.`);
    }
  }

  /** Where a colleague was heard is kept, for the day on which multicast does not get through. */
  remember(node: NodeId): void {
    const at = this.#parts.beats.addressOf(node);
    if (at) this.#parts.addresses.see({ node, address: at.address, beatPort: at.port, seenAt: Date.now() });
  }

  stop(): Promise<void> {
    return this.#discovery.stop();
  }
}
