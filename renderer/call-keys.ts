import type { CallStatus, Settings } from '../preload/api.ts';

/** The keys that act on one call now; undefined: none does. */
interface CallKeys {
  readonly answer: string | undefined;
  readonly later: string | undefined;
  readonly hangUp: string | undefined;
}

const NONE: CallKeys = { answer: undefined, later: undefined, hangUp: undefined };

/** The keys to show beside a call's buttons: they act on the first call that rings, else on the one in which the person is. Pure. */
export function callKeys(
  settings: Pick<Settings, 'answerKey' | 'laterKey'> | null,
  calls: readonly CallStatus[],
  id: string,
): CallKeys {
  const answer = settings?.answerKey ?? undefined;
  const ringing = calls.find(({ isIncoming }) => isIncoming);
  if (ringing) return ringing.id === id ? { ...NONE, answer, later: settings?.laterKey ?? undefined } : NONE;
  const ended =
    calls.find(({ state, isHeld }) => state === 'active' && !isHeld) ??
    calls.find(({ direction, state }) => direction === 'out' && state !== 'active' && state !== 'ended');
  return ended?.id === id ? { ...NONE, hangUp: answer } : NONE;
}
