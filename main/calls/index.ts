export type { ShownCall } from './call.ts';
export { Calls } from './calls.ts';
export { receiveCall } from './reception.ts';
