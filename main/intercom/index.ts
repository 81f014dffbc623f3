import { Intercom } from './intercom.ts';
import type { NodeOptions } from './options.ts';

export type { Intercom } from './intercom.ts';
export type { NodeOptions } from './options.ts';
export { VERSION } from './version.ts';

/** Starts a node; see NodeOptions. Errors are CorridorErrors whose sentence says what to do. */
export function startNode(options: NodeOptions): Promise<Intercom> {
  return Intercom.start(options);
}
