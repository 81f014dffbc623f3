import { BUDGETS } from '../model/index.ts';

/** The rows of the table of budgets that apply to messages. What exceeds one is told as the event `over`. */
export const MAX_SPOKEN_OF_TALKER = BUDGETS.messagesAtOnce.perPeer.atOnce;
export const MAX_ARRIVING = BUDGETS.messagesAtOnce.inAll.atOnce;
export const MAX_NOTIFICATIONS_OF_TALKER = BUDGETS.notifications.perPeer.atOnce;
export const MAX_NOTIFICATIONS = BUDGETS.notifications.inAll.atOnce;
export const NOTIFICATIONS_WITHIN_MS = 60_000;
export const MAX_PROGRESS = BUDGETS.heardLive.inAll.atOnce;
export const MAX_HOLDERS = BUDGETS.holders.inAll.atOnce;
export const MAX_KEPT_OF_TALKER = BUDGETS.keptOfTalker.perPeer.atOnce;
export const MAX_KEPT_BYTES_OF_TALKER = BUDGETS.keptBytesOfTalker.perPeer.atOnce;
export const MAX_FOR_NOBODY = BUDGETS.forNobody.perPeer.atOnce;

/** Receipts of another computer of this person for messages that are not here yet: so many are remembered, the latest. */
export const MAX_EARLY_RECEIPTS = 1000;

/**
 * A talker who begins one message more than that within this time, ms, sends too many: no person does. Where it takes longer the
 * ends were late, as without a switch, and nobody is to blame.
 */
export const BEGUN_WITHIN_MS = 2000;

/** Ten minutes is the longest message, so one that began longer ago has lost its end. */
export const LOST_ITS_END_MS = 11 * 60_000;
