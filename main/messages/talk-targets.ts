import { localizedText } from '../../i18n/index.ts';
import type { GroupReach, MediaAddress } from '../media/index.ts';
import {
  addressKey,
  isPassing,
  MAX_BY_UNICAST,
  type KnownNode,
  type MessageId,
  type NodeId,
} from '../model/index.ts';
import type { OfficePort } from './ports.ts';
import type { OngoingTalk, Progress } from './states.ts';

export const NOBODY_LEFT = localizedText(
  'talk-nobody-left',
  'The person you were talking to was removed from the office. Nobody hears what you say now.',
);

/** The members among these nodes, to whom something may be sent. None where this node was removed itself. */
export function membersOf(nodes: readonly KnownNode[], office: OfficePort): readonly KnownNode[] {
  return office.isRemoved(office.self) ? [] : nodes.filter(({ node }) => office.isMember(node));
}

export interface TalkTargetsParts {
  readonly office: OfficePort;
  readonly progressOf: (id: MessageId) => ReadonlyMap<NodeId, Progress>;
}

/** What is said, as far as it decides where it goes. */
type Said = Pick<OngoingTalk, 'id' | 'recipients' | 'page'>;

/** Where a voice goes: to each computer, or to many at once by the office's multicast group. It remembers whom that does not reach. */
export class TalkTargets {
  readonly #parts: TalkTargetsParts;
  /** The address at which the group did not reach a node. At another one it may. */
  readonly #unreached = new Map<NodeId, string>();

  constructor(parts: TalkTargetsParts) {
    this.#parts = parts;
  }

  /** The recipients, and the switch that keeps the message for the office; of them those who are members. */
  of(recipients: readonly KnownNode[]): MediaAddress[] {
    const { office } = this.#parts;
    const { switchNode } = office;
    const nodes = new Set(recipients.map(({ node }) => node));
    const targets = membersOf(recipients, office).map(({ node, endpoints }) => {
      const known = office.mediaAddressOf(node);
      return this.#marked(
        node,
        known ?? { address: endpoints.address, port: endpoints.media, isBelieved: false },
      );
    });
    const store =
      switchNode === undefined ||
      switchNode === office.self ||
      nodes.has(switchNode) ||
      !office.isMember(switchNode) ||
      office.isRemoved(office.self)
        ? undefined
        : office.mediaAddressOf(switchNode);
    return store ? [...targets, store] : targets;
  }

  /** The same of what is being said. A page that passes goes on only to those who hear it, or have not said that they do not. */
  ofTalk({ id, recipients, page }: Said): MediaAddress[] {
    if (!page || !isPassing({ page })) return this.of(recipients);
    const progress = this.#parts.progressOf(id);
    return this.of(recipients.filter(({ node }) => progress.get(node) !== 'notified'));
  }

  /** Where it goes once, for many of them. Undefined: they are few, or of versions that join no group. */
  groupFor(targets: readonly MediaAddress[]): MediaAddress | undefined {
    if (targets.length <= MAX_BY_UNICAST) return undefined;
    return targets.some(({ inGroup }) => inGroup !== undefined) ? this.#parts.office.group : undefined;
  }

  /** What listeners said of the group, or did not say in time. */
  learn({ id, recipients, page }: Said, reach: readonly GroupReach[]): void {
    const { office, progressOf } = this.#parts;
    const [online, progress] = [new Set(office.online), progressOf(id)];
    const isReached = new Map(reach.map((one) => [addressKey(one.target), one.isReached]));
    for (const { node } of recipients) {
      const address = office.mediaAddressOf(node);
      const word = address && isReached.get(addressKey(address));
      if (!address || word === undefined) continue;
      if (word) this.#unreached.delete(node);
      else if (page && isPassing({ page }) && progress.get(node) === 'notified') continue;
      else if (online.has(node)) this.#unreached.set(node, addressKey(address));
    }
  }

  #marked(node: NodeId, address: MediaAddress): MediaAddress {
    if (!this.#parts.office.joinsGroup(node)) return address;
    const isUnreached = this.#unreached.get(node) === addressKey(address);
    return { ...address, inGroup: isUnreached ? 'unlikely' : 'likely' };
  }
}

/** How many of them have an address from which nobody has answered. */
export function countDoubted(targets: readonly MediaAddress[]): number {
  return targets.filter(({ isBelieved }) => isBelieved === false).length;
}
