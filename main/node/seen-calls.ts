import { isOwnOther, OwnOthers } from '../messages/index.ts';
import { MAX_CALLS_SEEN, NewestMap, type Clock, type NodeId } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';
import type { ControlMessageOf } from '../signalling/index.ts';
import type { MissedCalls } from './missed-calls.ts';

interface SeenCallsParts {
  readonly session: Pick<OfficeSession, 'events' | 'peers'>;
  readonly missed: Pick<MissedCalls, 'events' | 'seen'>;
  readonly clock: Clock;
}

/**
 * Missed calls that a person saw at one of their computers are missed at none. This node tells the others at once,
 * and a computer that comes later. Returns what ends that.
 */
export function shareSeenCalls({ session, missed, clock }: SeenCallsParts): () => void {
  const { events, peers } = session;
  /** The callers whose missed calls were seen here, and when, ms of the monotonic clock: the latest last. */
  const seen = new NewestMap<NodeId, number>(MAX_CALLS_SEEN);
  const others = new OwnOthers(peers);

  const tell = (node: NodeId, persons: readonly NodeId[]): void => {
    const now = clock.monotonic();
    const calls = persons.map((person) => ({
      person,
      agoMs: Math.max(0, Math.round(now - (seen.get(person) ?? now))),
    }));
    if (calls.length > 0) void peers.reach(node).then((link) => link?.send({ type: 'calls-seen', calls }));
  };

  const stops = [
    missed.events.on('seen', (persons) => {
      for (const person of persons) seen.set(person, clock.monotonic());
      for (const node of others.online) tell(node, persons.slice(0, MAX_CALLS_SEEN));
    }),
    events.on('roster', () => {
      for (const node of others.look().came) tell(node, [...seen.keys()]);
    }),
    events.on('calls-seen', ({ node, frame }) => {
      if (isOwnOther(peers, node)) takeOver(frame, missed, clock);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** A call that came after the person had seen the others is missed all the same. */
function takeOver(
  { calls }: ControlMessageOf<'calls-seen'>,
  missed: SeenCallsParts['missed'],
  clock: Clock,
): void {
  for (const { person, agoMs } of calls) missed.seen(person, clock.now() - agoMs);
}
