import type { Budget } from './budget.ts';

/** What others may ask of this node by calls. */
export const CALL_BUDGETS = {
  calls: {
    of: 'calls that ring or go on at the same time, of one person and of all',
    perPeer: { atOnce: 2 },
    inAll: { atOnce: 10 },
    over: 'refused',
    reason:
      'a person makes one, and a second if the end of the first was lost; a call of six people has five, and others ring',
  },
  newCalls: {
    of: 'calls that a computer begins',
    perPeer: { atOnce: 20, perSecond: 1 / 10 },
    inAll: { atOnce: 60, perSecond: 1 },
    over: 'dropped',
    reason:
      'whoever redials an engaged colleague begins one every few seconds for a while; each is remembered for a minute',
  },
  callSignals: {
    of: 'call signals',
    perPeer: { atOnce: 60, perSecond: 10 },
    inAll: { atOnce: 400, perSecond: 60 },
    over: 'dropped',
    reason: 'each side repeats its signal every two seconds; a wrapped key is only opened after a click',
  },
  pickUps: {
    of: 'datagrams about pick-ups',
    perPeer: { atOnce: 12, perSecond: 2 },
    inAll: { atOnce: 120, perSecond: 20 },
    over: 'dropped',
    reason:
      'a person picks up a call now and then; each sends the question three times and the request four times',
  },
  putThroughs: {
    of: 'words of a computer that it puts a caller through to this person',
    perPeer: { atOnce: 12, perSecond: 1 },
    inAll: { atOnce: 60, perSecond: 8 },
    over: 'dropped',
    reason: 'a person puts a caller through now and then; each is said four times',
  },
} as const satisfies Record<string, Budget>;
