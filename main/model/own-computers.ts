import { whole } from './whole.ts';

/* What the computers of one person tell each other. */

/** Of so many people a frame says that their missed calls were seen. */
export const MAX_CALLS_SEEN = 32;

/** Whoever turns from one computer to another once a second gets there in thirty years. */
export const MAX_SEAT_COUNT = 1e9;

/** Of all that a person's computers say, the highest had the last input; 0: none is known there. */
export const seatCountSchema = whole(0, MAX_SEAT_COUNT);
