import type { Budget } from './budget.ts';
import type { BUDGETS } from './budgets.ts';

const cheap = { atOnce: 4000, perSecond: 500 } as const;
/** The limit for frames that a person's click causes. */
const few = { atOnce: 4, perSecond: 1 / 10 } as const;

/** The budgets of one link, by the type of the frame. */
export const FRAME_BUDGETS = {
  hello: {
    of: 'greetings',
    perPeer: { atOnce: 5, perSecond: 1 / 10 },
    over: 'dropped',
    reason: 'one opens a link; each is answered by the whole roster',
  },
  roster: {
    of: 'entries of the roster',
    perPeer: { atOnce: 2000, perSecond: 200 },
    over: 'waits',
    reason: 'an office of 250 starts within a second, and each signature is verified',
  },
  'roster-wanted': {
    of: 'requests for the whole roster',
    perPeer: { atOnce: 20, perSecond: 1 / 2 },
    over: 'dropped',
    reason:
      'asked at growing intervals where a roster differs from the switch’s; each is answered by the whole roster',
  },
  record: {
    of: 'records',
    perPeer: { atOnce: 50, perSecond: 2 },
    over: 'waits',
    reason: 'a person changes their presence by hand; each change is passed on to everybody',
  },
  announce: {
    of: 'headers',
    perPeer: { atOnce: 2000, perSecond: 200 },
    over: 'waits',
    reason: 'a new standby is announced all waiting messages; each signature is verified',
  },
  sheet: {
    of: 'key sheets',
    perPeer: { atOnce: 200, perSecond: 5 },
    over: 'waits',
    reason: 'each node that talks to many makes one; 500 keys are checked, and one is opened',
  },
  'sheet-wanted': {
    of: 'questions for a key sheet',
    perPeer: { atOnce: 200, perSecond: 5 },
    over: 'waits',
    reason: 'each is answered by 128 KiB at most',
  },
  hashes: {
    of: 'hashes of fragments',
    perPeer: cheap,
    over: 'waits',
    reason:
      'five a second for each voice to several; a fetched message comes with all of its own, and each signature is verified',
  },
  manifest: {
    of: 'manifests',
    perPeer: { atOnce: 2000, perSecond: 200 },
    over: 'waits',
    reason: 'one for each header',
  },
  fetch: {
    of: 'requests for fragments',
    perPeer: cheap,
    over: 'waits',
    reason: 'a standby asks for all that waits, in up to sixteen parts',
  },
  'fetch-stop': { of: 'fetches taken back', perPeer: cheap, over: 'waits', reason: 'one for each fetch' },
  'fetch-end': { of: 'ends of fetches', perPeer: cheap, over: 'waits', reason: 'one for each fetch' },
  'holders-wanted': {
    of: 'questions who holds a message',
    perPeer: { atOnce: 1000, perSecond: 50 },
    over: 'waits',
    reason: 'one for each message that no linked node could serve, then ever more rarely',
  },
  holders: {
    of: 'answers who holds a message',
    perPeer: { atOnce: 1000, perSecond: 50 },
    over: 'waits',
    reason: 'one for each question; what was not asked for is passed over',
  },
  receipt: {
    of: 'receipts',
    perPeer: cheap,
    over: 'waits',
    reason: 'up to three for each message and recipient; a new one is verified',
  },
  inbox: { of: 'requests for the inbox', perPeer: cheap, over: 'waits', reason: 'answered together' },
  refuse: {
    of: 'refusals',
    perPeer: { atOnce: 20, perSecond: 1 },
    over: 'dropped',
    reason: 'each is a line for a person',
  },
  bye: { of: 'farewells', perPeer: { atOnce: 5, perSecond: 1 }, over: 'dropped', reason: 'one ends a link' },
  progress: {
    of: 'reports of a live message',
    perPeer: { atOnce: 500, perSecond: 50 },
    over: 'dropped',
    reason: 'two for each live message and recipient; a lost one is repaired by the receipt',
  },
  numbers: {
    of: 'frames of retrieval numbers',
    perPeer: { atOnce: 40, perSecond: 2 },
    over: 'waits',
    reason: 'a thousand numbers are four, and one computer of a person answers another',
  },
  seat: {
    of: 'words on which computer had the last input',
    perPeer: { atOnce: 40, perSecond: 2 },
    over: 'waits',
    reason: 'one where a person turns from one of their computers to another, else two a minute',
  },
  'calls-seen': {
    of: 'reports that missed calls were seen at another computer',
    perPeer: { atOnce: 40, perSecond: 1 },
    over: 'waits',
    reason: 'one for each click of a person, and one where two of their computers meet',
  },
  'history-wanted': {
    of: 'requests for the list of older messages',
    perPeer: { atOnce: 2, perSecond: 1 / 60 },
    over: 'waits',
    reason: 'a further computer of a person asks each node once; each looks at every message',
  },
  history: {
    of: 'lists of older messages',
    perPeer: { atOnce: 4, perSecond: 1 / 10 },
    over: 'waits',
    reason: 'two are an answer; what was not asked for is passed over',
  },
  'older-wanted': {
    of: 'requests for an older message and its key',
    perPeer: { atOnce: 20, perSecond: 5 },
    over: 'waits',
    reason: 'asked one after the other; each is answered by a key agreement, which takes some milliseconds',
  },
  older: {
    of: 'older messages with their keys',
    perPeer: { atOnce: 20, perSecond: 5 },
    over: 'waits',
    reason: 'one for each question; each is verified, and what was not asked for is passed over',
  },
  ledger: {
    of: 'comparisons of the ledger',
    perPeer: { atOnce: 20, perSecond: 1 },
    over: 'dropped',
    reason: 'one opens a link, and one for each change that is told by a beat',
  },
  have: {
    of: 'lists of held statements',
    perPeer: { atOnce: 24, perSecond: 1 },
    over: 'waits',
    reason: 'three hold a whole ledger; each is answered by what is missing',
  },
  statements: {
    of: 'frames of statements',
    perPeer: { atOnce: 200, perSecond: 5 },
    over: 'waits',
    reason: 'a hundred hold a whole ledger; each signature is verified and each frame goes to the disk',
  },
  invitations: {
    of: 'frames of invitations',
    perPeer: { atOnce: 100, perSecond: 2 },
    over: 'waits',
    reason: 'each signature is verified; 64 of a member are kept',
  },
  ask: { of: 'requests to be let in', perPeer: few, over: 'dropped', reason: 'one for each link' },
  go: { of: 'answers where to compare', perPeer: few, over: 'dropped', reason: 'one for each request' },
  begin: { of: 'beginnings of a comparison', perPeer: few, over: 'dropped', reason: 'one for each link' },
  nonce: { of: 'numbers of a comparison', perPeer: few, over: 'dropped', reason: 'one for each comparison' },
  reveal: {
    of: 'openings of a comparison',
    perPeer: few,
    over: 'dropped',
    reason: 'one for each comparison',
  },
  agree: { of: 'agreements', perPeer: few, over: 'dropped', reason: 'one for each comparison' },
  redeem: { of: 'redemptions', perPeer: few, over: 'dropped', reason: 'one for each link' },
  welcome: {
    of: 'frames of a welcome',
    perPeer: { atOnce: 1000, perSecond: 100 },
    over: 'waits',
    reason: 'a hundred hold a whole ledger',
  },
  refused: { of: 'refusals to let somebody in', perPeer: few, over: 'dropped', reason: 'one ends a link' },
  asked: {
    of: 'notices of requests to be let in',
    perPeer: { atOnce: 20, perSecond: 1 },
    over: 'dropped',
    reason: 'a node takes ten a minute, and tells of each',
  },
  answered: {
    of: 'answers to requests to be let in',
    perPeer: { atOnce: 20, perSecond: 1 },
    over: 'dropped',
    reason: 'one for each request',
  },
  move: {
    of: 'proposals to move to another office',
    perPeer: few,
    over: 'dropped',
    reason: 'each asks a person',
  },
  'move-heard': {
    of: 'answers to proposals to move',
    perPeer: few,
    over: 'dropped',
    reason: 'one for each proposal',
  },
  keep: {
    of: 'requests to keep a message',
    perPeer: { atOnce: 1000, perSecond: 50 },
    over: 'waits',
    reason: 'one for each message that lacks a copy; each is verified, and looks at what is kept',
  },
  prove: {
    of: 'questions for a proof',
    perPeer: { atOnce: 1000, perSecond: 200 },
    over: 'waits',
    reason: 'one after the other for each message that somebody waits for',
  },
  proof: {
    of: 'proofs',
    perPeer: cheap,
    over: 'waits',
    reason: 'one for each question; others cost nothing',
  },
  ping: {
    of: 'pings',
    perPeer: { atOnce: 50, perSecond: 5 },
    over: 'dropped',
    reason: 'one every two seconds; each is answered',
  },
  unknown: {
    of: 'frames of a later version',
    perPeer: { atOnce: 1000, perSecond: 100 },
    over: 'waits',
    reason: 'they are passed over',
  },
} as const satisfies Record<string, Budget>;

export type FrameBudgetName = keyof typeof FRAME_BUDGETS;
export type BudgetName = keyof typeof BUDGETS | FrameBudgetName;
