import { BUDGETS } from '../model/index.ts';

/* The rows of the table of budgets that messages go by. What is over one is told as the event `over`. */
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

/** Another computer of this person has heard so many messages that are not here yet: the latest are remembered. */
export const MAX_EARLY_RECEIPTS = 1000;

/** No person begins one message more than that in this time. Without a switch the ends come late, and nobody is to blame for it. */
export const BEGUN_WITHIN_MS = 2000;

/** Ten minutes is the longest message, so one that began longer ago has lost its end. */
export const LOST_ITS_END_MS = 11 * 60_000;
