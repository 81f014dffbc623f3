import type { CallStatus } from '../../preload/api.ts';

/** The status of a call: Dana (204) rings here, except for the given fields. */
export function callStatus(more: Partial<CallStatus> = {}): CallStatus {
  return {
    ...{ id: 'c', person: 'p', name: 'Dana', extension: '204', since: 0 },
    ...{ direction: 'in', state: 'ringing', reason: null },
    ...{ meant: null, party: null, pickedUpBy: null, alsoIn: [] },
    ...{ transfer: null, transferredTo: null, isMuted: false, isHeld: false, isHeldByThem: false },
    ...more,
  };
}
