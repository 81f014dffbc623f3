export type { ShownCall } from './call.ts';
export { noCall, noSuchCall } from './call-refusals.ts';
export { Calls } from './calls.ts';
