import type { Budget } from './budget.ts';

/** What others may ask of this node by calls. */
export const CALL_BUDGETS = {
  calls: {
    of: 'calls of one person, and of all, that ring or go on at the same time',
    perPeer: { atOnce: 2 },
    inAll: { atOnce: 10 },
    over: 'refused',
    reason:
      'a person makes one, and a second where the end of the first was lost; one call of six is five, and others wait',
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
  pickUps: {
    of: 'what a computer says of what it picks up, or of what rings there',
    perPeer: { atOnce: 12, perSecond: 2 },
    inAll: { atOnce: 120, perSecond: 20 },
    over: 'dropped',
    reason: 'a person picks up a call now and then; each asks three times, and takes four times',
  },
  putThroughs: {
    of: 'words of a computer that it puts a caller through to this person',
    perPeer: { atOnce: 12, perSecond: 1 },
    inAll: { atOnce: 60, perSecond: 8 },
    over: 'dropped',
    reason: 'a person puts a caller through now and then; each is said four times',
  },
} as const satisfies Record<string, Budget>;
