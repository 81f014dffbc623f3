import { USUAL_CODES, type DialCodes, type KnownGroup, type NodeId } from '../model/index.ts';

/** Who is a member, and which number reaches whom: what the office's ledger says. A person is named by their first node. */
export interface Membership {
  /** undefined: no member. */
  personOf(node: NodeId): NodeId | undefined;
  /** The computers of a person. */
  nodesOf(person: NodeId): readonly NodeId[];
  /** undefined: no number reaches this person. */
  extensionOf(person: NodeId): string | undefined;
  /** The person who has the number. */
  holderOf(extension: string): NodeId | undefined;
  /** The group that has the number. It is free where neither a person nor a group has it. */
  groupWith(extension: string): KnownGroup | undefined;
  /** The codes of the dial plan, as the office's admins want them. */
  readonly codes: DialCodes;
}

/** Before the node is in an office: nobody is a member. */
export const NOBODY: Membership = {
  personOf: () => undefined,
  nodesOf: () => [],
  extensionOf: () => undefined,
  holderOf: () => undefined,
  groupWith: () => undefined,
  codes: USUAL_CODES,
};
