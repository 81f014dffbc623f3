import type { LocalizedText } from '../../i18n/index.ts';
import type { BudgetName, MessageId, NodeId, Receipt } from '../model/index.ts';
import type { Refusal, Statement, StoredMessage } from '../store/index.ts';
import type { OngoingTalk, Playback } from './states.ts';

/** The events of `Messages`. */
export interface MessageEvents {
  /** The live voices, or the number of unheard messages, may have changed. */
  changed: undefined;
  /** This message has changed or was removed. That it has grown, or that its words are open, are other events. */
  message: MessageId;
  /** This message has more fragments than before; it is still arriving or being spoken. */
  grown: MessageId;
  /** The words of this message are open now. */
  opened: MessageId;
  /** The person is to be notified of this message. */
  notification: StoredMessage;
  /** The message was heard or deleted, so its notification can go. */
  settled: MessageId;
  /** This message has begun to wait for its turn, of a talker who neither is heard nor waits already. */
  waits: MessageId;
  /** This node's receipt that its person heard the message: it is on the disk, or refused by it. */
  heard: Statement<Receipt>;
  /** Another node's receipt, which is genuine and new here. */
  receipt: Receipt;
  /** A message of that node's person sounded here by itself. */
  spoke: NodeId;
  /** The person has begun or ended to talk. */
  talk: OngoingTalk | undefined;
  'talk-failed': LocalizedText;
  /** What the person does has not the effect that they expect: only clicked, or into a microphone that is muted. */
  'talk-hint': LocalizedText;
  /** The microphone captures for this message. */
  capturing: MessageId;
  /** The first sound of this message goes to the loudspeaker. */
  sounding: { readonly id: MessageId; readonly live: boolean };
  playback: Playback | undefined;
  /** `count` fragments were not those that the talker signed. `sentBy`: the node that sent them, where that is known. */
  forged: { readonly talker: NodeId; readonly count: number; readonly sentBy: NodeId | undefined };
  /** Live play of this message ended, since fragments were forged or not vouched for. The rest can be played once it is verified. */
  'cut-short': { readonly id: MessageId; readonly talker: NodeId; readonly why: Exclude<Refusal, 'ahead'> };
  /** A colleague's computer has exceeded a budget. */
  over: { readonly node: NodeId; readonly budget: BudgetName };
}
