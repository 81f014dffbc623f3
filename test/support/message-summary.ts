import type { MessageSummary } from '../../preload/api.ts';

/** What Dana (204) said: heard, and kept on one other computer, but for what is given. */
export function messageSummary(more: Partial<MessageSummary> = {}): MessageSummary {
  return {
    ...{ id: 'x', direction: 'in', name: 'Dana Ruiz', extension: '204', number: '4821' },
    ...{ startedAt: 1000, arrivedAt: 1000, place: 1000 },
    ...{ durationMs: 2000, live: false, soundsLive: false, isBrokenOff: false },
    ...{ complete: true, heard: true, storedOn: 1 },
    ...{ group: null, others: [], recipients: [], page: null, isOverride: false, keyWanted: null },
    ...{ forwardedFrom: null, meantFor: null, handedTo: null, words: null, transcript: null, endsAt: null },
    ...more,
  };
}
