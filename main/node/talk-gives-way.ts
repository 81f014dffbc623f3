import type { Calls, CallView } from '../calls/index.ts';
import type { Messages } from '../messages/index.ts';
import type { CallId, NodeId } from '../model/index.ts';

interface TalkGivesWayParts {
  readonly calls: Pick<Calls, 'events' | 'shown'>;
  readonly messages: { readonly outgoing: Pick<Messages['outgoing'], 'current' | 'release'> };
}

/**
 * When this person calls or answers the only recipient of the message that they are speaking, the message ends: the conversation goes on
 * in the call. A message that they speak by the talk key later in that call is not ended.
 */
export function endTalksByCalls({ calls, messages: { outgoing } }: TalkGivesWayParts): void {
  let known: ReadonlySet<CallId> = new Set();
  calls.events.on('changed', () => {
    const going = calls.shown.filter(isIn);
    const begun = going.filter(({ id }) => !known.has(id));
    known = new Set(going.map(({ id }) => id));
    if (begun.some(({ person }) => isToAlone(outgoing.current, person))) outgoing.release();
  });
}

/** A call that this person began or answered. */
function isIn({ direction, state }: CallView): boolean {
  return state === 'active' || (direction === 'out' && state !== 'ended');
}

/** A message to several goes on: the others are not cut off in the middle of a sentence. */
function isToAlone(talk: Messages['outgoing']['current'], to: NodeId): boolean {
  return (
    talk !== undefined && !talk.released && !talk.page && talk.recipients.every(({ person }) => person === to)
  );
}
