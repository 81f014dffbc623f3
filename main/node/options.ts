import type { StartChild, Synthesiser } from '../speech/index.ts';

/** What a node is started with. Everything but the folder and the worker can be left to the settings in the folder. */
export interface NodeOptions {
  /** The profile: a folder that only its owner may read. */
  readonly profile: string;
  /** The bundled media worker (dist/worker.cjs). */
  readonly workerPath: string;
  /** Addresses or names of the network interfaces to use; left out: the LAN's. */
  readonly interfaces?: readonly string[];
  readonly name?: string;
  readonly extension?: string;
  /** 'new' or a join link. */
  readonly office?: string;
  /** null follows the system's default. */
  readonly microphone?: string | null;
  readonly speaker?: string | null;
  readonly ready?: 'warm' | 'cold';
  /** Whether sound has a thread only while it is used, as long as the microphone is cold: for a node without a desktop. */
  readonly restsCold?: boolean;
  /** Computers to ask where multicast is blocked: `host` or `host:port`. */
  readonly addresses?: readonly string[];
  /** Speaks what this person types; left out: the voices of this computer. */
  readonly synthesiser?: Synthesiser;
  /** Starts the process in which models of the person’s run, from the path of its bundle; left out: as a child of Node.js. */
  readonly speechBy?: (path: string) => StartChild;
  /** Whether its desktop shows the event `flash` on the screen: only then can a flash replace a sound. Left out: no. */
  readonly showsFlashes?: boolean;
  readonly log: (line: string) => void;
}
