import { BUDGETS } from '../model/index.ts';

/** The budgets that apply to messages. Exceeding one is the event `over`. */
export const MAX_SPOKEN_OF_TALKER = BUDGETS.messagesAtOnce.perPeer.atOnce;
export const MAX_ARRIVING = BUDGETS.messagesAtOnce.inAll.atOnce;
export const MAX_NOTIFICATIONS_OF_TALKER = BUDGETS.notifications.perPeer.atOnce;
export const MAX_NOTIFICATIONS = BUDGETS.notifications.inAll.atOnce;
export const NOTIFICATIONS_WITHIN_MS = 60_000;
export const MAX_PROGRESS = BUDGETS.heardLive.inAll.atOnce;
export const MAX_HOLDERS = BUDGETS.holders.inAll.atOnce;
/** The switch and its standby name as many each. */
export const MAX_NAMED_HOLDERS = 2 * MAX_HOLDERS;
export const MAX_KEPT_OF_TALKER = BUDGETS.keptOfTalker.perPeer.atOnce;
export const MAX_KEPT_BYTES_OF_TALKER = BUDGETS.keptBytesOfTalker.perPeer.atOnce;
export const MAX_FOR_NOBODY = BUDGETS.forNobody.perPeer.atOnce;

/** At most this many receipts of this person's other computers are remembered for messages that are not here yet, the latest. */
export const MAX_EARLY_RECEIPTS = 1000;

/** A node remembers this many reports of its own that may not have arrived, and a switch as many of others; the latest. */
export const MAX_REPORTS = 1000;

/**
 * A report has arrived if the link over which it went is still up after this time, ms. A computer that dies without a word is noticed
 * within it.
 */
export const ARRIVED_AFTER_MS = 30_000;

/**
 * A talker exceeds the budget by beginning one message more than that within this time, ms: no person does so. Over a longer time
 * the ends of messages may merely be late, as without a switch.
 */
export const BEGUN_WITHIN_MS = 2000;

/** The longest message has ten minutes, so one that began longer ago than this has lost its end, ms. */
export const LOST_ITS_END_MS = 11 * 60_000;
