import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, '..', '..', 'main', 'cli', 'corridor.ts');

export interface Ran {
  /** The exit code; 1 also if it was killed because it did not end in time. */
  readonly exit: number;
  /** Its output, followed by its error output. */
  readonly printed: string;
}

/** Runs `corridor` to its end as a separate program without a terminal, for the node of that profile. */
export function runCorridor(profile: string, ...words: readonly string[]): Promise<Ran> {
  return runProgram(PROGRAM, profile, words);
}

function runProgram(program: string, profile: string, words: readonly string[]): Promise<Ran> {
  const args = [program, ...beforeOperands(words, '--profile', profile)];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      const exit = typeof error?.code === 'number' ? error.code : 1;
      resolve({ exit: error ? exit : 0, printed: stdout + stderr });
    });
  });
}

/**
 * Commands to one node. The profile is asked for at each command, since a suite may start the node later.
 * @param program the sources unless given: a bundle of them
 */
export function commandLine(profile: () => string, program = PROGRAM) {
  const corridor = (...words: readonly string[]): Promise<Ran> => runProgram(program, profile(), words);
  return {
    corridor,
    /** Asserts that the command succeeds and prints this. */
    says: async (pattern: RegExp, ...words: readonly string[]): Promise<void> => {
      const { exit, printed } = await corridor(...words);
      assert.equal(exit, 0, printed);
      assert.match(printed, pattern);
    },
    /** Asserts that the command ends with that exit code, and prints why. */
    refuses: async (exit: number, pattern: RegExp, ...words: readonly string[]): Promise<void> => {
      const refused = await corridor(...words);
      assert.match(refused.printed, pattern);
      assert.equal(refused.exit, exit, refused.printed);
    },
    /** Runs the command with `--json`. Resolves with its answer. */
    json: async <Answer = unknown>(...words: readonly string[]): Promise<Answer> => {
      const { exit, printed } = await corridor(...beforeOperands(words, '--json'));
      assert.equal(exit, 0, printed);
      return JSON.parse(printed) as Answer;
    },
  };
}

/** Inserts options before `--`, after which nothing is an option. */
function beforeOperands(words: readonly string[], ...options: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return words.toSpliced(end < 0 ? words.length : end, 0, ...options);
}
