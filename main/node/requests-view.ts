import type { JoinRequests } from '../../preload/api.ts';
import type { Clock } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';

/**
 * The requests to be let in, as this node's person sees them. Times are ms since the epoch; the office measures by the monotonic
 * clock.
 */
export function requestsOf({ office, reception }: OfficeSession, clock: Clock): JoinRequests {
  const nowMs = clock.monotonic();
  const epochMs = clock.now() - nowMs;
  const openUntilMs = office?.requests.openUntilMs(nowMs);
  return {
    openUntil: openUntilMs === undefined ? null : epochMs + openUntilMs,
    requests: (reception?.shown ?? []).map(({ node, address, untilMs, state, digits }) => ({
      ...{ id: node, address, untilMs: epochMs + untilMs, state },
      digits: digits ?? null,
    })),
  };
}
