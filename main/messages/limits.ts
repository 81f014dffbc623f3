/*
 * How much of one colleague, and of all, this node takes in. What is over it is dropped, counted by name (`Overruns`), and shown in
 * health. Nothing here is reached by people who talk to each other.
 */

/** Voices that sound at once: more cannot be told apart, and each has a decoder. The person is notified of the others. */
export const MAX_VOICES = 8;

/** Messages of one talker that are being spoken: a person says one at a time, and one or two may have lost their end. */
export const MAX_SPOKEN_OF_TALKER = 3;
/** No person begins one message more than that in this time. Without a switch the ends come late, and nobody is to blame for it. */
export const BEGUN_WITHIN_MS = 2000;

/** Messages that arrive by datagram: each has a receiver in the media worker. Others come over a link. */
export const MAX_ARRIVING = 64;

/** Ten minutes is the longest message, so one that began longer ago has lost its end. */
export const LOST_ITS_END_MS = 11 * 60_000;

/** Notifications of one talker's messages, and of all, within a minute: more would only hide each other. */
export const MAX_NOTIFICATIONS_OF_TALKER = 10;
export const MAX_NOTIFICATIONS = 60;
export const NOTIFICATIONS_WITHIN_MS = 60_000;

/** Own messages of which it is known how they are being heard: it is shown while they are spoken. */
export const MAX_PROGRESS = 32;

/** Nodes that can be asked for one message besides its talker and the switch: if these cannot serve it, more would not. */
export const MAX_HOLDERS = 8;

/** Messages of one talker, kept for the office, none of whose recipients is known here: news of a colleague may come late. */
export const MAX_FOR_NOBODY = 8;
