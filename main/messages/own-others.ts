import type { NodeId } from '../model/index.ts';
import type { OfficePort } from './ports.ts';

/** Whether it is another computer of this node's person. */
export function isOwnOther(office: Pick<OfficePort, 'self' | 'personOf'>, node: NodeId): boolean {
  const own = office.personOf(office.self);
  return own !== undefined && node !== office.self && office.personOf(node) === own;
}

/** The other computers of this node's person that are online. */
export function ownOthersOnline(
  office: Pick<OfficePort, 'self' | 'personOf' | 'online'>,
): ReadonlySet<NodeId> {
  const own = office.personOf(office.self);
  const isOther = (node: NodeId): boolean => node !== office.self && office.personOf(node) === own;
  return new Set(own === undefined ? [] : office.online.filter(isOther));
}
