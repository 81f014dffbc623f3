import type { LocalizedText } from '../../i18n/index.ts';
import type { JoinRequest } from '../identity/index.ts';
import type { BudgetName, CallSignal, Fragment, MessageId, NodeId, PickUp, Signed } from '../model/index.ts';
import type { ControlLink, ControlMessageOf, MessageFrame } from '../signalling/index.ts';

/** What can be wrong with being in the office. */
export type OfficeTrouble = 'discovery' | 'join-request' | 'network' | 'no-common-protocol';

/** What comes from the office. */
export interface OfficeEvents {
  /** Roles, people, presence: whatever a status or a list of people shows. */
  changed: undefined;
  /** Colleagues came or went, or what is known of them changed. */
  roster: undefined;
  /** Another node is the switch or the standby, or nobody is. */
  switch: undefined;
  /** The link to the switch is up. */
  linked: ControlLink;
  /** A link has ended, to the switch or to a node that follows this one. */
  unlinked: ControlLink;
  /** A header that came by datagram, beside the first fragments. `from`: whose node sent it. */
  header: { readonly from: NodeId; readonly header: Signed };
  /** Hashes of fragments that came the same way. */
  hashes: { readonly from: NodeId; readonly hashes: Signed };
  /** What a colleague's computer says of a call. */
  call: { readonly from: NodeId; readonly signal: CallSignal };
  /** What it says to pick up a call. */
  pickUp: { readonly from: NodeId; readonly word: PickUp };
  /** A frame about a message, over a link. */
  frame: { readonly link: ControlLink; readonly frame: MessageFrame };
  fragments: { readonly link: ControlLink; readonly id: MessageId; readonly fragments: readonly Fragment[] };
  /** Somebody asks to be let in whom this node's person is shown. */
  'join-request': JoinRequest;
  /** A member has founded the office anew, and asks whether this node's person moves too. */
  move: { readonly link: ControlLink; readonly frame: ControlMessageOf<'move'> };
  /** A member's computer answers such a proposal of this node's. */
  'move-heard': { readonly node: NodeId; readonly frame: ControlMessageOf<'move-heard'> };
  /** A member's computer says that calls which its person missed were seen there. */
  'calls-seen': { readonly node: NodeId; readonly frame: ControlMessageOf<'calls-seen'> };
  /** A colleague's computer sends more than this one takes. */
  over: { readonly node: NodeId; readonly budget: BudgetName };
  /** A colleague's computer leaves out what this one asked for, and says why. */
  refused: { readonly node: NodeId; readonly text: string };
  /** `text` undefined: nothing is wrong any more. */
  trouble: { readonly code: OfficeTrouble; readonly text: LocalizedText | undefined };
}
