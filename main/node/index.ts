import type { Ports } from '../model/index.ts';
import { CorridorNode } from './corridor-node.ts';
import type { NodeOptions } from './options.ts';

export type { CorridorNode } from './corridor-node.ts';
export type { NodeOptions } from './options.ts';

/**
 * Starts a node; see NodeOptions. Errors are CorridorErrors whose sentence says what to do.
 * @param ports left out: those of this computer
 */
export function startNode(options: NodeOptions, ports?: Ports): Promise<CorridorNode> {
  return CorridorNode.start(options, ports);
}
