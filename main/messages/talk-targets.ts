import { localizedText } from '../../i18n/index.ts';
import type { MediaAddress } from '../media/index.ts';
import type { KnownNode } from '../model/index.ts';
import type { OfficePort } from './ports.ts';

export const NOBODY_LEFT = localizedText(
  'talk-nobody-left',
  'The person you were talking to was removed from the office. Nobody hears what you say now.',
);

/** Those to whom something may go: none, where this node is out itself. */
export function membersOf(nodes: readonly KnownNode[], office: OfficePort): readonly KnownNode[] {
  return office.isRemoved(office.self) ? [] : nodes.filter(({ node }) => office.isMember(node));
}

/** Where a voice goes: the recipients, and the switch that keeps the message for the office; of them those who are members. */
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

/** How many of them are at addresses that are not believed. */
export function countDoubted(targets: readonly MediaAddress[]): number {
  return targets.filter(({ isBelieved }) => isBelieved === false).length;
}
