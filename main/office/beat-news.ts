import type { Beat } from '../election/index.ts';
import type { Emitter, NodeId } from '../model/index.ts';
import type { MemberDatagramEvents } from './member-datagram-events.ts';

/**
 * Emits what a fresh beat tells of its sender besides what the election hears: the digest of its roster, and its clock where the beat is an
 * answer, so that it is known how long that took. `now`: monotonic, ms.
 */
export function tellNews(
  events: Pick<Emitter<MemberDatagramEvents>, 'emit'>,
  node: NodeId,
  { roster, wall, echo }: Beat,
  now: number,
): void {
  if (roster !== undefined) events.emit('roster', { node, digest: roster });
  if (wall === undefined || !echo) return;
  events.emit('clock', { node, wall, roundTripMs: now - echo.sentAt - echo.heldMs });
}
