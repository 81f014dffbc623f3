import type { JoinRequests } from '../../preload/api.ts';
import type { OfficeSession } from '../office/index.ts';

/** Who asks to be let in, as this node's person sees it. */
export function requestsOf({ office, reception }: OfficeSession, nowMs: number): JoinRequests {
  return {
    openUntil: office?.requests.openUntilMs(nowMs) ?? null,
    requests: (reception?.shown ?? []).map(({ node, address, untilMs, state, digits }) => ({
      ...{ id: node, address, untilMs, state },
      digits: digits ?? null,
    })),
  };
}
