import { Calls } from '../../main/calls/index.ts';
import type { Desk } from '../../main/messages/test-desk.ts';
import type { KnownNode, NodeId, Random } from '../../main/model/index.ts';
import { callEar, holdEarWhileCalling, isEngaged } from '../../main/node/call-ear.ts';
import { endTalksByCalls } from '../../main/node/talk-gives-way.ts';
import type { SimulatedWorker } from './simulated-worker.ts';

/** How long a datagram is on its way, ms. */
const FLIGHT_MS = 2;

interface CallWire {
  readonly random: Random;
  /** Whom a datagram to that computer reaches now, unless it is lost. */
  readonly reached: (node: NodeId) => { readonly calls: Calls } | undefined;
}

interface CallPlace {
  readonly desk: Desk;
  readonly worker: SimulatedWorker;
}

/** The calls of one computer, joined to its messages as in a node: both want the person's ear. */
export function callsOf({ desk, worker }: CallPlace, { random, reached }: CallWire): Calls {
  const { identity, messages, office, listener, time, node } = desk;
  const calls = new Calls({
    ...{ identity, random, clock: time, schedule: time.schedule, media: worker, log: () => undefined },
    office: {
      self: node,
      get online() {
        return office.online;
      },
      personOf: (one) => office.personOf(one),
      knownNodesOf: (person) => office.knownNodesOf(person).map(withCalls),
      groupColleagues: () => [],
      isGroupColleague: () => false,
      isInPlaceOf: () => false,
      isMember: (one) => office.isMember(one),
      mediaAddressOf: (one) => office.mediaAddressOf(one),
      sendCall: (to, word) => {
        if (!('side' in word)) return;
        const other = reached(to);
        if (other) time.schedule(() => other.calls.signal(word, node), FLIGHT_MS);
      },
    },
    listener: {
      get presence() {
        return listener.presence;
      },
      get isLocked() {
        return listener.isLocked;
      },
      get isIdle() {
        return listener.isIdle;
      },
      get canPlay() {
        return listener.canPlay;
      },
      get isHere() {
        return messages.own.isHere;
      },
      get isEngaged() {
        return isEngaged(messages);
      },
      gainOf: () => 1,
      isMuted: (one) => listener.isMuted(one),
      isChosen: () => false,
    },
    ear: callEar(messages, office),
  });
  holdEarWhileCalling({ calls, messages, attention: { isCalling: false }, describe: () => undefined });
  endTalksByCalls({ messages, calls });
  return calls;
}

/** A computer of the version that supports calls, transfers, and calls of several. */
const withCalls = (one: KnownNode): KnownNode => ({ ...one, calls: true, refers: true, parties: true });
