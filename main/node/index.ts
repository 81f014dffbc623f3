import { CorridorNode } from './corridor-node.ts';
import type { NodeOptions } from './options.ts';

export type { CorridorNode } from './corridor-node.ts';
export type { NodeOptions } from './options.ts';
export { VERSION } from './version.ts';

/** Starts a node; see NodeOptions. Errors are CorridorErrors whose sentence says what to do. */
export function startNode(options: NodeOptions): Promise<CorridorNode> {
  return CorridorNode.start(options);
}
