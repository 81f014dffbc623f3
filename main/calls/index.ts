export type { ShownCall } from './call-machine.ts';
export { Calls } from './calls.ts';
export { receiveCall } from './reception.ts';
