import type { LocalizedText } from '../../i18n/index.ts';
import type { BudgetName, MessageId, NodeId, Receipt } from '../model/index.ts';
import type { Refusal, StoredMessage } from '../store/index.ts';
import type { OngoingTalk, Playback } from './states.ts';

/** What happens to messages, for the parts that show it. */
export interface MessageEvents {
  /** Who speaks here, or how many are unheard, has changed. */
  changed: undefined;
  /** Anything about this message, its removal too, but that there is more of it. */
  message: MessageId;
  /** There is more of this message, which is still arriving or being spoken. */
  grown: MessageId;
  /** The person is to be notified of this message. */
  notification: StoredMessage;
  /** It was heard or deleted: nobody needs to be notified of it any more. */
  settled: MessageId;
  /** Another node's receipt, which is genuine and new here. */
  receipt: Receipt;
  /** That node's person spoke, and this person heard it without having asked for it. */
  spoke: NodeId;
  /** The person talks, or talks no more. */
  talk: OngoingTalk | undefined;
  'talk-failed': LocalizedText;
  /** The microphone captures for this message. */
  capturing: MessageId;
  /** The first sound of this message goes to the loudspeaker. */
  sounding: { readonly id: MessageId; readonly live: boolean };
  playback: Playback | undefined;
  /** `count` fragments were not those that the talker signed. `sentBy`: the node that sent them, where that is known. */
  forged: { readonly talker: NodeId; readonly count: number; readonly sentBy: NodeId | undefined };
  /** The person listened, and the rest does not sound live. The part that is surely the talker's waits to be played. */
  'cut-short': { readonly id: MessageId; readonly talker: NodeId; readonly why: Exclude<Refusal, 'ahead'> };
  /** A colleague's computer sends more than this one takes. */
  over: { readonly node: NodeId; readonly budget: BudgetName };
}
