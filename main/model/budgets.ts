import type { Budget } from './budget.ts';
import { CALL_BUDGETS } from './call-budgets.ts';

/**
 * How much others may ask of this node, in one table from which the code reads its limits; `frame-budgets.ts` has the frames of a link.
 * Excess is counted, and the health page names the computer that caused it.
 */

const MIB = 1024 * 1024;
const MINUTES = 60;
const DAYS = 24 * 60 * MINUTES;

/** The budgets by name. */
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
  outsiders: {
    of: 'links of those who are no members and ask to be let in',
    perPeer: { atOnce: 4 },
    inAll: { atOnce: 16 },
    over: 'refused',
    reason: 'enough for those whom members let in at once, too few to hurt',
  },
  joinRequests: {
    of: 'requests to be let in that are shown',
    inAll: { atOnce: 4 },
    over: 'refused',
    reason: 'a stranger must not fill the panels of others; each ends by itself',
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
  voicesWaiting: {
    of: 'voices that wait until what is heard has ended',
    perPeer: { atOnce: 3 },
    inAll: { atOnce: 8 },
    over: 'waits',
    reason: 'nobody listens to more in a row unasked; the person is notified of the others',
  },
  keySheets: {
    of: 'key sheets of talkers to many that are kept in memory',
    perPeer: { atOnce: 4 },
    inAll: { atOnce: 128 },
    over: 'oldest goes',
    reason: 'a person talks to few sets of people; one to 500 has 128 KiB, and comes again with its message',
  },
  unknownTalkers: {
    of: 'talkers whose messages came before their records',
    inAll: { atOnce: 64 },
    over: 'oldest goes',
    reason: 'who has just joined is known within a second; what is forgotten is asked for at the next link',
  },
  sheetsPassedOn: {
    of: 'key sheets that a talker gives ahead and the switch passes on',
    perPeer: { atOnce: 8, perSecond: 1 / MINUTES },
    inAll: { atOnce: 100, perSecond: 2 },
    over: 'dropped',
    reason: 'a person seldom talks to other people than before; a sheet comes with its first message, too',
  },
  headersWaiting: {
    of: 'headers that came over a link and wait for their key sheet',
    perPeer: { atOnce: 64 },
    over: 'oldest goes',
    reason: 'the answer takes one round trip; what is dropped is announced again',
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
  headersByDatagram: {
    of: 'headers that come by datagram',
    perPeer: { atOnce: 40, perSecond: 2 },
    inAll: { atOnce: 400, perSecond: 40 },
    over: 'dropped',
    reason:
      'a person begins one with each press; each is verified and makes a file, and comes over a link as well',
  },
  hashesByDatagram: {
    of: 'hashes of fragments that come by datagram',
    perPeer: { atOnce: 20, perSecond: 8 },
    inAll: { atOnce: 400, perSecond: 160 },
    over: 'dropped',
    reason: 'two a second for each voice to several; each is verified, and comes over a link as well',
  },
  ...CALL_BUDGETS,
  keptOfTalker: {
    of: 'messages of one talker that wait here for somebody',
    perPeer: { atOnce: 1000 },
    over: 'refused',
    reason: 'they never go by age or room; thirty a day for a month, and the talker sees who takes no more',
  },
  keptBytesOfTalker: {
    of: 'bytes of the messages of one talker that wait here for somebody',
    perPeer: { atOnce: 512 * MIB },
    over: 'refused',
    reason: 'fourteen hours of speech; the longest message may be 84 MB of what is none',
  },
  handedOn: {
    of: 'messages that are handed on, since this person is diverted and their talker did not know',
    perPeer: { atOnce: 20, perSecond: 1 / MINUTES },
    inAll: { atOnce: 100, perSecond: 5 / MINUTES },
    over: 'dropped',
    reason: 'the stand-in gets them under this person’s name; others stay here, and the person is notified',
  },
  moveQuestions: {
    of: 'questions of one person, and of all, whether to move to another office',
    perPeer: { atOnce: 1, perSecond: 1 / DAYS },
    inAll: { atOnce: 4, perSecond: 4 / DAYS },
    over: 'refused',
    reason: 'a person answers each, once; a member must not be able to nag',
  },
  logLines: {
    of: 'lines of the log that other nodes cause',
    perPeer: { atOnce: 5, perSecond: 1 / MINUTES },
    inAll: { atOnce: 50, perSecond: 1 / 6 },
    over: 'dropped',
    reason: 'the log has an end, and what is worth reading must not be pushed out of it',
  },
} as const satisfies Record<string, Budget>;
