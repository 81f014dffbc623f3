#!/usr/bin/env node
import './thread-pool.ts';
import { runCommandLine } from './command-line.ts';

/** The command `corridor`: a node without a desktop, and the command line of any node on this computer. */
void runCommandLine(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  // In the packed app, whose program also runs commands, nothing else would end the process.
  if (process.versions['electron']) process.exit(code);
});
