import { localizedText } from '../../i18n/index.ts';
import type { MediaAddress } from '../media/index.ts';
import type { KnownNode } from '../model/index.ts';
import type { OfficePort } from './ports.ts';

export const NOBODY_LEFT = localizedText(
  'talk-nobody-left',
  'The person you were talking to was removed from the office. Nobody hears what you say now.',
);

/** The members among these nodes, to whom something may be sent. None where this node was removed itself. */
export function membersOf(nodes: readonly KnownNode[], office: OfficePort): readonly KnownNode[] {
  return office.isRemoved(office.self) ? [] : nodes.filter(({ node }) => office.isMember(node));
}

/** Where a voice goes: to the recipients, and to the switch that keeps the message for the office, as far as they are members. */
export function targetsOf(recipients: readonly KnownNode[], office: OfficePort): MediaAddress[] {
  const { switchNode } = office;
  const nodes = new Set(recipients.map(({ node }) => node));
  const targets = membersOf(recipients, office).map(({ node, endpoints }) => {
    const known = office.mediaAddressOf(node);
    return known ?? { address: endpoints.address, port: endpoints.media, isBelieved: false };
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

/** How many of them have an address from which nobody has answered. */
export function countDoubted(targets: readonly MediaAddress[]): number {
  return targets.filter(({ isBelieved }) => isBelieved === false).length;
}
