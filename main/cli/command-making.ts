import type { Command } from 'commander';
import { connectLocalSocket, type RemoteNode } from '../transports/index.ts';
import { Output } from './output.ts';

/** The options that every command has. */
export interface Common {
  readonly profile: string;
  readonly json?: true;
}

/** How commands are made: with the options that all have, and asking the node that runs. */
export interface CommandMaking {
  readonly command: (usage: string, description: string) => Command;
  /** A command of a command. */
  readonly within: (parent: Command, usage: string, description: string) => Command;
  readonly ask: typeof withNode;
}

/** Asks the node that runs with the profile. @throws CorridorError `no-node` where none does */
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
