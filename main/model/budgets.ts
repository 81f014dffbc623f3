/**
 * How much others may ask of this node: one table, from which the code reads its limits. What is over a limit is
 * counted, and the health page names whose computer it was.
 */

/** How much at one time, or in one burst; and how much for ever after. */
export interface Limit {
  readonly atOnce: number;
  /** Left out: what is counted ends by itself, and makes room. */
  readonly perSecond?: number;
}

export interface Budget {
  /** What is counted. */
  readonly of: string;
  /** For one node; for one address where no node has proven itself. */
  readonly perPeer?: Limit;
  /** For all together. */
  readonly inAll?: Limit;
  /** What becomes of that which is over it. */
  readonly over: 'waits' | 'dropped' | 'refused' | 'oldest goes' | 'link ends';
  readonly reason: string;
}

const MIB = 1024 * 1024;
const MINUTES = 60;

/** What has a limit, whoever sends it. */
export const BUDGETS = {
  unproven: {
    of: 'connections that have proven nothing',
    perPeer: { atOnce: 64 },
    inAll: { atOnce: 128 },
    over: 'oldest goes',
    reason:
      'a whole office may come at once; a member proves itself within milliseconds, so the oldest is none',
  },
  keptPlaces: {
    of: 'places among them for addresses from which fresh beats come',
    inAll: { atOnce: 32 },
    over: 'oldest goes',
    reason: 'strangers who connect without a pause leave these to members',
  },
  guests: {
    of: 'links of nodes that know the office, and that no ledger has shown to be members yet',
    perPeer: { atOnce: 64 },
    inAll: { atOnce: 256 },
    over: 'oldest goes',
    reason: 'a removed computer still knows the office; a member is known as one after a frame or two',
  },
  heldFrames: {
    of: 'frames of a node that is not known as a member yet',
    perPeer: { atOnce: 256 },
    over: 'link ends',
    reason: 'a member is known after a frame or two; it connects again, and both hold one ledger by then',
  },
  heldBytes: {
    of: 'characters of these frames',
    perPeer: { atOnce: 64 * 1024 },
    over: 'link ends',
    reason: 'a removed computer still knows the office, and each of its frames may have a megabyte',
  },
  behindStatements: {
    of: 'characters of frames that wait behind statements until the disk has these',
    perPeer: { atOnce: 4 * MIB },
    over: 'link ends',
    reason: 'a whole roster and a second of a busy switch',
  },
  links: {
    of: 'links that members made to this node',
    perPeer: { atOnce: 1 },
    inAll: { atOnce: 1024 },
    over: 'refused',
    reason: 'more than an office has computers',
  },
  candidates: {
    of: 'addresses that were found and at which nobody was heard yet',
    perPeer: { atOnce: 64 },
    inAll: { atOnce: 512 },
    over: 'oldest goes',
    reason: 'anybody can announce any address, and each is sent beats',
  },
  packetsAtRest: {
    of: 'packets kept at the media port while the worker rests',
    perPeer: { atOnce: 256 },
    inAll: { atOnce: 512 },
    over: 'oldest goes',
    reason: 'two seconds of a message and a little, until its header has come or a thread has started',
  },
  wakingsByPacket: {
    of: 'times that a packet wakes the resting worker',
    inAll: { atOnce: 6, perSecond: 1 / (10 * MINUTES) },
    over: 'waits',
    reason: 'a source address is easily forged; a header wakes the worker all the same',
  },
  frameTime: {
    of: 'milliseconds for frames in one turn of the loop',
    inAll: { atOnce: 4 },
    over: 'waits',
    reason: 'the same loop beats: a late beat is a new election',
  },
  linkBytes: {
    of: 'bytes over a link',
    perPeer: { atOnce: 128 * MIB, perSecond: 64 * MIB },
    over: 'waits',
    reason: 'half of what a gigabit network carries; a stored hour is 36 MB',
  },
  textBytes: {
    of: 'bytes of JSON over a link',
    perPeer: { atOnce: 8 * MIB, perSecond: MIB },
    over: 'waits',
    reason: 'reading a megabyte takes ten milliseconds, and cannot be interrupted',
  },
  waitingBytes: {
    of: 'bytes of frames that came over a link and wait to be handled',
    perPeer: { atOnce: MIB / 4 },
    over: 'waits',
    reason: 'beyond it the socket is not read; below it a link that ends is noticed at once',
  },
  unsentBytes: {
    of: 'bytes that a link has not taken yet',
    perPeer: { atOnce: 32 * MIB },
    over: 'link ends',
    reason: 'a peer that answers and takes nothing must not fill the memory',
  },
  badFrames: {
    of: 'frames that cannot be read',
    perPeer: { atOnce: 20 },
    over: 'link ends',
    reason: 'nothing useful comes over such a link',
  },
  inboxAnswers: {
    of: 'answers to what is waiting',
    perPeer: { atOnce: 2, perSecond: 1 / 5 },
    over: 'waits',
    reason: 'each looks at every message; one answers all requests before it',
  },
  receiptsAsked: {
    of: 'messages whose receipts are asked for at a reconnect',
    perPeer: { atOnce: 1000 },
    over: 'dropped',
    reason: 'the newest that somebody has yet to hear; of all others nothing more is to be learnt',
  },
  transfers: {
    of: 'fetches that are served',
    perPeer: { atOnce: 1000 },
    over: 'refused',
    reason: 'each stays until the message is whole here; a node that is refused asks again after a second',
  },
  voices: {
    of: 'voices that sound at once',
    inAll: { atOnce: 8 },
    over: 'waits',
    reason: 'more cannot be told apart, and each has a decoder; the person is notified of the others',
  },
  messagesAtOnce: {
    of: 'messages that are being spoken',
    perPeer: { atOnce: 3 },
    inAll: { atOnce: 64 },
    over: 'oldest goes',
    reason: 'a person says one at a time, and one or two may have lost their end; each has a receiver',
  },
  notifications: {
    of: 'notifications within a minute',
    perPeer: { atOnce: 20 },
    inAll: { atOnce: 60 },
    over: 'dropped',
    reason:
      'a person who leaves one every three seconds; more would only hide each other, and the messages are kept',
  },
  heardLive: {
    of: 'own messages of which it is known how they are being heard',
    inAll: { atOnce: 32 },
    over: 'oldest goes',
    reason: 'it is shown while they are spoken',
  },
  holders: {
    of: 'nodes that are asked for one message besides its talker and the switch',
    inAll: { atOnce: 8 },
    over: 'oldest goes',
    reason: 'if these cannot serve it, more would not',
  },
  forNobody: {
    of: 'messages that are kept for the office, none of whose recipients is known here',
    perPeer: { atOnce: 8 },
    over: 'dropped',
    reason: 'news of a colleague may come late',
  },
  keptForTalkers: {
    of: 'bytes of messages that talkers ask this node to keep, though it is neither switch nor standby',
    perPeer: { atOnce: 128 * MIB },
    inAll: { atOnce: 1024 * MIB },
    over: 'refused',
    reason: 'ten minutes of one are 84 MB at most; who is refused asks another node',
  },
  proofsWaiting: {
    of: 'questions for a proof that wait',
    perPeer: { atOnce: 16 },
    over: 'dropped',
    reason: 'a talker asks one after the other, and each costs this disk the whole message',
  },
  visits: {
    of: 'links that this node made to ask something',
    inAll: { atOnce: 16 },
    over: 'oldest goes',
    reason: 'each is for one question, and is made again when it is needed',
  },
  holdersNamed: {
    of: 'nodes that are no recipients of a message and said that they hold it',
    inAll: { atOnce: 64 },
    over: 'oldest goes',
    reason: 'switches and standbys come and go',
  },
} as const satisfies Record<string, Budget>;

const cheap = { atOnce: 4000, perSecond: 500 } as const;
/** What a person's click causes. */
const few = { atOnce: 4, perSecond: 1 / 10 } as const;

/** What comes over one link, by the type of the frame. */
export const FRAME_BUDGETS = {
  hello: {
    of: 'greetings',
    perPeer: { atOnce: 5, perSecond: 1 / 10 },
    over: 'dropped',
    reason: 'one opens a link; each is answered by the whole roster',
  },
  roster: {
    of: 'news of the roster',
    perPeer: { atOnce: 2000, perSecond: 200 },
    over: 'waits',
    reason: 'an office of 250 starts within a second, and each signature is verified',
  },
  record: {
    of: 'records',
    perPeer: { atOnce: 50, perSecond: 2 },
    over: 'waits',
    reason: 'a person changes their presence by hand; each goes on to everybody',
  },
  announce: {
    of: 'headers',
    perPeer: { atOnce: 2000, perSecond: 200 },
    over: 'waits',
    reason: 'a standby is told of all that waits; each signature is verified',
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
  receipt: {
    of: 'receipts',
    perPeer: cheap,
    over: 'waits',
    reason: 'up to three for each message and recipient; a new one is verified',
  },
  inbox: { of: 'requests for what is waiting', perPeer: cheap, over: 'waits', reason: 'answered together' },
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
  ledger: {
    of: 'comparisons of the ledger',
    perPeer: { atOnce: 20, perSecond: 1 },
    over: 'dropped',
    reason: 'one opens a link, and one for each change that is told by a beat',
  },
  have: {
    of: 'lists of the statements that are held',
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
    of: 'requests to be let in that a colleague tells of',
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
