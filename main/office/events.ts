import type { LocalizedText } from '../../i18n/index.ts';
import type { JoinRequest } from '../identity/index.ts';
import type { BudgetName, CallSignal, Fragment, MessageId, NodeId, PickUp, Signed } from '../model/index.ts';
import type { ControlLink, ControlMessageOf, MessageFrame } from '../signalling/index.ts';

/** The troubles that an office session can report. */
type OfficeTrouble = 'clock' | 'discovery' | 'join-request' | 'network' | 'no-common-protocol';

/** The events of an office session. */
export interface OfficeEvents {
  /** Roles, people or presence changed: anything that the status or the list of people shows. */
  changed: undefined;
  /** Colleagues came online or went offline, or a record changed. */
  roster: undefined;
  /** Another node is the switch or the standby, or nobody is. */
  switch: undefined;
  /** A colleague's computer has proved that packets reach it at other endpoints than before. */
  endpoints: NodeId;
  /** The link to the switch is up. */
  linked: ControlLink;
  /** A link has ended, to the switch or to a node that follows this one. */
  unlinked: ControlLink;
  /** A header came by datagram, beside the first fragments. `from`: the node that sent it. */
  header: { readonly from: NodeId; readonly header: Signed };
  /** Hashes of fragments came the same way. */
  hashes: { readonly from: NodeId; readonly hashes: Signed };
  /** A call signal came from a colleague's computer. */
  call: { readonly from: NodeId; readonly signal: CallSignal };
  /** A datagram about a pick-up came from a colleague's computer. */
  pickUp: { readonly from: NodeId; readonly word: PickUp };
  /** A frame about a message came over a link. */
  frame: { readonly link: ControlLink; readonly frame: MessageFrame };
  fragments: { readonly link: ControlLink; readonly id: MessageId; readonly fragments: readonly Fragment[] };
  /** An outsider asks to be let in, and this node's person is to see it. */
  'join-request': JoinRequest;
  /** A member has founded the office anew, and asks whether this node's person moves too. */
  move: { readonly link: ControlLink; readonly frame: ControlMessageOf<'move'> };
  /** A member's computer answers a proposal of this node. */
  'move-heard': { readonly node: NodeId; readonly frame: ControlMessageOf<'move-heard'> };
  /** A member's computer reports that its person has seen missed calls there. */
  'calls-seen': { readonly node: NodeId; readonly frame: ControlMessageOf<'calls-seen'> };
  /** A colleague's computer has exceeded a budget. */
  over: { readonly node: NodeId; readonly budget: BudgetName };
  /** A colleague's computer refuses a request of this one, and says why. */
  refused: { readonly node: NodeId; readonly text: string };
  /** A trouble began; `text` undefined: it is over. */
  trouble: { readonly code: OfficeTrouble; readonly text: LocalizedText | undefined };
}
