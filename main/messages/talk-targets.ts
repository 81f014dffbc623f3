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
import type { OngoingTalk, Report } from './states.ts';

/** The members among these nodes, to whom something may be sent. None where this node was removed itself. */
export function membersOf(nodes: readonly KnownNode[], office: OfficePort): readonly KnownNode[] {
  return office.isRemoved(office.self) ? [] : nodes.filter(({ node }) => office.isMember(node));
}

/**
 * To this many whom the group does not reach the talker sends their own: 5,000 packets a second, 4 Mbit/s. More would be too much for
 * many a wireless network, and one of these is why the group reaches nobody.
 */
const MAX_SENT_OWN = 50;

export interface TalkTargetsParts {
  readonly office: OfficePort;
  readonly progressOf: (id: MessageId) => ReadonlyMap<NodeId, Report>;
}

/** The facts of a talk that decide where it goes. */
type RoutedTalk = Pick<OngoingTalk, 'id' | 'recipients' | 'page'>;

/** Whether the group reached a node, at the address that it had then. At another address that may differ. */
interface Remembered {
  readonly at: string;
  readonly isReached: boolean;
}

/**
 * Decides where a talk is sent: to each computer, or once to the office's multicast group. Remembers whom the group reaches, and whom
 * it does not; of a node on Wi-Fi it expects that it does not until it did.
 */
export class TalkTargets {
  readonly #parts: TalkTargetsParts;
  readonly #remembered = new Map<NodeId, Remembered>();

  constructor(parts: TalkTargetsParts) {
    this.#parts = parts;
  }

  /** The addresses of the recipients, and of the switch, which keeps the message for the office. Members alone. */
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

  /** The same for a talk. A passing page goes on only to nodes that have not reported that their person does not hear it. */
  ofTalk({ id, recipients, page }: RoutedTalk): MediaAddress[] {
    if (!page || !isPassing({ page })) return this.of(recipients);
    const progress = this.#parts.progressOf(id);
    return this.of(recipients.filter(({ node }) => progress.get(node)?.state !== 'notified'));
  }

  /** The group's address, if the group serves these targets. Undefined: they are few, or of versions that do not join it. */
  groupFor(targets: readonly MediaAddress[]): MediaAddress | undefined {
    if (targets.length <= MAX_BY_UNICAST) return undefined;
    return targets.some(({ inGroup }) => inGroup !== undefined) ? this.#parts.office.group : undefined;
  }

  /** How what goes to the group is sent to those whom it does not reach: to this many their own. */
  toGroup(group: MediaAddress): { readonly group: MediaAddress; readonly own?: number } {
    return { group, ...this.own };
  }

  /** The others follow the switch, which has every fragment. Without a way there, and where it is this node, all are sent their own. */
  get own(): { readonly own?: number } {
    const { upstream, switchNode, self } = this.#parts.office;
    return upstream && switchNode !== self ? { own: MAX_SENT_OWN } : {};
  }

  /** Takes which listeners the group reached, and which did not confirm it in time. */
  learn({ id, recipients, page }: RoutedTalk, reach: readonly GroupReach[]): void {
    const { office, progressOf } = this.#parts;
    const [online, progress] = [new Set(office.online), progressOf(id)];
    const isReached = new Map(reach.map((one) => [addressKey(one.target), one.isReached]));
    for (const { node } of recipients) {
      const address = office.mediaAddressOf(node);
      const word = address && isReached.get(addressKey(address));
      if (!address || word === undefined) continue;
      if (!word && page && isPassing({ page }) && progress.get(node)?.state === 'notified') continue;
      if (word || online.has(node)) this.#remembered.set(node, { at: addressKey(address), isReached: word });
    }
  }

  #marked(node: NodeId, address: MediaAddress): MediaAddress {
    const { office } = this.#parts;
    if (!office.joinsGroup(node)) return address;
    const remembered = this.#remembered.get(node);
    const isLikely = remembered?.at === addressKey(address) ? remembered.isReached : !office.isWireless(node);
    const isSwitch = node === office.switchNode;
    return { ...address, inGroup: isLikely ? 'likely' : 'unlikely', ...(isSwitch && { isSwitch }) };
  }
}
