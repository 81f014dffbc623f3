export { partyOf, type CallView } from './call.ts';
export type { CallEvents } from './call-events.ts';
export { isNotRecorded, isRecorded, noCall, noRecording, noSuchCall } from './call-refusals.ts';
export { Calls } from './calls.ts';
