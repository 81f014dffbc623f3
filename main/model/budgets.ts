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
    of: 'unproven connections, which no member has proven to be its own yet',
    perPeer: { atOnce: 64 },
    inAll: { atOnce: 128 },
    over: 'oldest goes',
    reason:
      'a whole office may connect at once; a member proves itself within milliseconds, so the oldest is none',
  },
  keptPlaces: {
    of: 'places among them that are reserved for addresses of nodes that are alive',
    inAll: { atOnce: 32 },
    over: 'oldest goes',
    reason: 'a flood of strangers’ connections must not take all places of members',
  },
  guests: {
    of: 'links of nodes that know the office id and are not known as members yet',
    perPeer: { atOnce: 64 },
    inAll: { atOnce: 256 },
    over: 'oldest goes',
    reason: 'a removed computer still knows the office id; a member is known as one after a frame or two',
  },
  heldFrames: {
    of: 'frames of a node that is not known as a member yet',
    perPeer: { atOnce: 256 },
    over: 'link ends',
    reason:
      'a member is known after a frame or two; if its link ends it connects again, with the same ledger',
  },
  heldBytes: {
    of: 'characters of these frames',
    perPeer: { atOnce: 64 * 1024 },
    over: 'link ends',
    reason: 'a removed computer still knows the office id, and each of its frames may have a megabyte',
  },
  behindStatements: {
    of: 'characters of frames that wait until statements before them are on the disk',
    perPeer: { atOnce: 4 * MIB },
    over: 'link ends',
    reason: 'a whole roster and a second of a busy switch',
  },
  outsiders: {
    of: 'links of outsiders that ask to be let in',
    perPeer: { atOnce: 4 },
    inAll: { atOnce: 16 },
    over: 'refused',
    reason: 'enough for all newcomers at one time, too few to do harm',
  },
  joinRequests: {
    of: 'shown requests to be let in',
    inAll: { atOnce: 4 },
    over: 'refused',
    reason: 'a stranger must not be able to fill people’s panels; each request expires',
  },
  links: {
    of: 'links of members to this node',
    perPeer: { atOnce: 1 },
    inAll: { atOnce: 1024 },
    over: 'refused',
    reason: 'more than an office has computers',
  },
  candidates: {
    of: 'found addresses at which no node was heard yet',
    perPeer: { atOnce: 64 },
    inAll: { atOnce: 512 },
    over: 'oldest goes',
    reason: 'any computer can announce any address, and each address is called',
  },
  packetsAtRest: {
    of: 'packets kept at the media port while the worker rests',
    perPeer: { atOnce: 256 },
    inAll: { atOnce: 512 },
    over: 'oldest goes',
    reason: 'a little more than two seconds of a message, until its header has come or a thread has started',
  },
  wakingsByPacket: {
    of: 'wake-ups of the resting worker by a packet',
    inAll: { atOnce: 6, perSecond: 1 / (10 * MINUTES) },
    over: 'waits',
    reason: 'a source address is easily forged; a message’s header wakes the worker in any case',
  },
  frameTime: {
    of: 'milliseconds for frames in one turn of the loop',
    inAll: { atOnce: 4 },
    over: 'waits',
    reason: 'the same event loop sends beats, and a late beat causes a new election',
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
    reason: 'parsing a megabyte takes ten milliseconds, and cannot be interrupted',
  },
  waitingBytes: {
    of: 'bytes of received frames that wait to be handled',
    perPeer: { atOnce: MIB / 4 },
    over: 'waits',
    reason: 'beyond this the socket is not read; below it the end of a link is noticed at once',
  },
  unsentBytes: {
    of: 'bytes to a peer that it has not taken yet',
    perPeer: { atOnce: 32 * MIB },
    over: 'link ends',
    reason: 'a peer that does not read must not fill the memory',
  },
  badFrames: {
    of: 'frames that cannot be read',
    perPeer: { atOnce: 20 },
    over: 'link ends',
    reason: 'nothing useful comes over such a link',
  },
  inboxAnswers: {
    of: 'answers to a node that asks for its inbox',
    perPeer: { atOnce: 2, perSecond: 1 / 5 },
    over: 'waits',
    reason: 'each answer looks at every message, and serves all requests before it',
  },
  receiptsAsked: {
    of: 'messages whose receipts are asked for at a reconnect',
    perPeer: { atOnce: 1000 },
    over: 'dropped',
    reason: 'the newest ones that somebody has not heard yet; the receipts of all others are complete',
  },
  transfers: {
    of: 'fetches of fragments that are being served',
    perPeer: { atOnce: 1000 },
    over: 'refused',
    reason: 'each lasts until the message is whole here; a refused node asks again after a second',
  },
  voicesWaiting: {
    of: 'messages in the queue, which wait until the present voice has ended',
    perPeer: { atOnce: 3 },
    inAll: { atOnce: 8 },
    over: 'waits',
    reason: 'nobody wants to hear more in a row without a choice; the others raise notifications',
  },
  keySheets: {
    of: 'key sheets that are kept in memory',
    perPeer: { atOnce: 4 },
    inAll: { atOnce: 128 },
    over: 'oldest goes',
    reason:
      'a person talks to few sets of people; a sheet for 500 has 128 KiB, and comes again with its message',
  },
  unknownTalkers: {
    of: 'talkers whose messages came before their records',
    inAll: { atOnce: 64 },
    over: 'oldest goes',
    reason: 'a new member’s record comes within a second; forgotten messages are asked for at the next link',
  },
  sheetsPassedOn: {
    of: 'key sheets that a talker sends ahead and the switch passes on',
    perPeer: { atOnce: 8, perSecond: 1 / MINUTES },
    inAll: { atOnce: 100, perSecond: 2 },
    over: 'dropped',
    reason: 'a person seldom talks to a new set of people; a sheet also comes with its first message',
  },
  headersWaiting: {
    of: 'headers that came over a link and wait for their key sheet',
    perPeer: { atOnce: 64 },
    over: 'oldest goes',
    reason: 'the answer takes one round trip; a dropped header is announced again',
  },
  messagesAtOnce: {
    of: 'messages that are being spoken',
    perPeer: { atOnce: 3 },
    inAll: { atOnce: 64 },
    over: 'oldest goes',
    reason: 'a person speaks one at a time, and the ends of one or two may be lost; each has a receiver',
  },
  notifications: {
    of: 'notifications within a minute',
    perPeer: { atOnce: 20 },
    inAll: { atOnce: 60 },
    over: 'dropped',
    reason:
      'one every three seconds; more notifications would only hide each other, and the messages are kept',
  },
  heardLive: {
    of: 'own messages whose progress at the recipients is remembered',
    inAll: { atOnce: 32 },
    over: 'oldest goes',
    reason: 'progress is shown only while a message is being spoken',
  },
  holders: {
    of: 'nodes that announced one message, or that one answer names as its holders',
    inAll: { atOnce: 8 },
    over: 'oldest goes',
    reason: 'if these cannot serve it, more would hardly help',
  },
  forNobody: {
    of: 'messages that are kept for the office although none of their recipients is known here',
    perPeer: { atOnce: 8 },
    over: 'dropped',
    reason: 'a colleague’s admission may come late',
  },
  keptForTalkers: {
    of: 'bytes of messages that this node keeps at their talkers’ request, being neither switch nor standby',
    perPeer: { atOnce: 128 * MIB },
    inAll: { atOnce: 1024 * MIB },
    over: 'refused',
    reason: 'a message of ten minutes has 84 MB at most; a refused talker asks another node',
  },
  proofsWaiting: {
    of: 'waiting questions for a proof of possession',
    perPeer: { atOnce: 16 },
    over: 'dropped',
    reason: 'a talker asks one after the other, and each answer reads a whole message from the disk',
  },
  visits: {
    of: 'visits: links that this node made to ask something',
    inAll: { atOnce: 16 },
    over: 'oldest goes',
    reason: 'each is for one question, and is made again when it is needed',
  },
  holdersNamed: {
    of: 'nodes besides the recipients that have stated that they hold a message',
    inAll: { atOnce: 64 },
    over: 'oldest goes',
    reason: 'switches and standbys come and go',
  },
  headersByDatagram: {
    of: 'headers that come by datagram',
    perPeer: { atOnce: 40, perSecond: 2 },
    inAll: { atOnce: 400, perSecond: 40 },
    over: 'dropped',
    reason: 'one for each key press; each is verified and makes a file, and also comes over a link',
  },
  hashesByDatagram: {
    of: 'hashes of fragments that come by datagram',
    perPeer: { atOnce: 50, perSecond: 20 },
    inAll: { atOnce: 1000, perSecond: 400 },
    over: 'dropped',
    reason: 'five a second for each voice to several; each is verified, and also comes over a link',
  },
  ...CALL_BUDGETS,
  keptOfTalker: {
    of: 'messages of one talker that wait here for somebody',
    perPeer: { atOnce: 1000 },
    over: 'refused',
    reason:
      'these are not deleted for age or room; thirty a day for a month, and the talker sees who refuses more',
  },
  keptBytesOfTalker: {
    of: 'bytes of the messages of one talker that wait here for somebody',
    perPeer: { atOnce: 512 * MIB },
    over: 'refused',
    reason: 'fourteen hours of speech; the longest message can have 84 MB if it is no speech',
  },
  handedOn: {
    of: 'messages of others that are handed on to this person’s stand-in',
    perPeer: { atOnce: 20, perSecond: 1 / MINUTES },
    inAll: { atOnce: 100, perSecond: 5 / MINUTES },
    over: 'dropped',
    reason: 'the stand-in gets them in this person’s name; further ones stay here, with a notification',
  },
  moveQuestions: {
    of: 'questions of one person, and of all, whether to move to another office',
    perPeer: { atOnce: 1, perSecond: 1 / DAYS },
    inAll: { atOnce: 4, perSecond: 4 / DAYS },
    over: 'refused',
    reason: 'a person answers each of them once, and a member must not be able to nag',
  },
  logLines: {
    of: 'log lines that other nodes cause',
    perPeer: { atOnce: 5, perSecond: 1 / MINUTES },
    inAll: { atOnce: 50, perSecond: 1 / 6 },
    over: 'dropped',
    reason: 'the log has a limited size, and its important lines must not be displaced',
  },
} as const satisfies Record<string, Budget>;
