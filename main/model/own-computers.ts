import { whole } from './whole.ts';

/* Limits and schemas of what the computers of one person tell each other. */

/** The most people whose missed calls one frame reports as seen. */
export const MAX_CALLS_SEEN = 32;

/** A person who changes from one computer to another once a second reaches it after thirty years. */
export const MAX_SEAT_COUNT = 1e9;

/** Of a person's computers the one with the highest number had the last input; 0: it knows of none. */
export const seatCountSchema = whole(0, MAX_SEAT_COUNT);
