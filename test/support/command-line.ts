import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { CORRIDOR } from './headless.ts';

/** How long a command may take, ms: longer than the longest recording that one speaks, on a busy machine. */
const ENDS_WITHIN_MS = 120_000;

export interface Ran {
  /** The exit code. */
  readonly exit: number;
  /** Its output, followed by its error output. */
  readonly printed: string;
}

/**
 * Runs the bundled `corridor` to its end as a separate program without a terminal, for the node of that profile.
 * @throws Error if it does not start, or had to be killed because it did not end
 */
export function runCorridor(profile: string, ...words: readonly string[]): Promise<Ran> {
  const args = [CORRIDOR, ...beforeOperands(words, '--profile', profile)];
  // Whatever it does on a polite signal, it does not outlive the test.
  const limits = { timeout: ENDS_WITHIN_MS, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, limits, (error, stdout, stderr) => {
      const printed = stdout + stderr;
      const exit = error ? error.code : 0;
      if (typeof exit === 'number') resolve({ exit, printed });
      else
        reject(new Error(`corridor ${words.join(' ')} did not end by itself: ${printed}`, { cause: error }));
    });
  });
}

/** Commands to one node. The profile is asked for at each command, since a suite may start the node later. */
export function commandLine(profile: () => string) {
  const corridor = (...words: readonly string[]): Promise<Ran> => runCorridor(profile(), ...words);
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
