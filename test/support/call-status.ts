import type { CallStatus } from '../../preload/api.ts';

/** The status of a call: Dana (204) rings here, except for the given fields. */
export function callStatus(more: Partial<CallStatus> = {}): CallStatus {
  const { direction = 'in', state = 'ringing' } = more;
  return {
    ...{ id: 'c', person: 'p', name: 'Dana', extension: '204', since: 0 },
    ...{ direction, state, reason: null },
    isIncoming: direction === 'in' && state !== 'active' && state !== 'ended',
    ...{ meant: null, party: null, pickedUpBy: null, alsoIn: [] },
    ...{ transfer: null, transferredTo: null, putThroughBy: null, recording: null, isRecordedByThem: false },
    ...{ isMuted: false, isSilenced: false, isAutomatic: false, isHeld: false, isHeldByThem: false },
    ...more,
  };
}
