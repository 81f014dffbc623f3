import { USUAL_CODES, type DialCodes, type KnownGroup, type NodeId } from '../model/index.ts';

/** Members and numbers, by the office's ledger. A person's id is that of their first node. */
export interface Membership {
  /** The person of a node; undefined: it is no member's. */
  personOf(node: NodeId): NodeId | undefined;
  /** The computers of a person. */
  nodesOf(person: NodeId): readonly NodeId[];
  /** The person's extension; undefined: they have none. */
  extensionOf(person: NodeId): string | undefined;
  /** The person who has the number. */
  holderOf(extension: string): NodeId | undefined;
  /** The group that has the number. A number is free if neither a person nor a group has it. */
  groupWith(extension: string): KnownGroup | undefined;
  /** The codes of the dial plan, as the office's admins have set them. */
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
