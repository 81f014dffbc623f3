import type { Command } from 'commander';
import { connectLocalSocket, type RemoteNode } from '../transports/index.ts';
import { Output } from './output.ts';

/** The options that every command has. */
export interface Common {
  readonly profile: string;
  readonly json?: true;
}

/** The functions by which command files make their commands: with the common options, and with a connection to the running node. */
export interface CommandMaking {
  readonly command: (usage: string, description: string) => Command;
  /** Makes a subcommand. */
  readonly within: (parent: Command, usage: string, description: string) => Command;
  readonly ask: typeof withNode;
}

/** Connects to the node that runs with the profile. @throws CorridorError `no-node` where none does */
export async function withNode<T extends Common>(
  options: T,
  work: (node: RemoteNode, output: Output, options: T) => Promise<void>,
): Promise<void> {
  const node = await connectLocalSocket(options.profile);
  try {
    await work(node, new Output(options.json === true), options);
  } finally {
    node.close();
  }
}
