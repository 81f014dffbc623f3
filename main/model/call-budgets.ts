import type { Budget } from './budget.ts';

/** What others may ask of this node by calls. */
export const CALL_BUDGETS = {
  calls: {
    of: 'calls of one person, and of all, that ring or go on at the same time',
    perPeer: { atOnce: 2 },
    inAll: { atOnce: 6 },
    over: 'refused',
    reason: 'a person makes one, and a second where the end of the first was lost; nobody answers more',
  },
  newCalls: {
    of: 'calls that a computer begins',
    perPeer: { atOnce: 6, perSecond: 1 / 10 },
    inAll: { atOnce: 24, perSecond: 1 },
    over: 'dropped',
    reason: 'each rings, or is listed and answered for a minute; nobody calls more often',
  },
  callSignals: {
    of: 'what a computer says of its calls, by datagram',
    perPeer: { atOnce: 60, perSecond: 10 },
    inAll: { atOnce: 400, perSecond: 60 },
    over: 'dropped',
    reason:
      'each says all that holds, and is said again every two seconds; a wrapped key is opened by a click',
  },
} as const satisfies Record<string, Budget>;
