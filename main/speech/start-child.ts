import { fork } from 'node:child_process';
import { CAN_STOP } from './process-group.ts';

/** The process of an engine, as its owner sees it. */
export interface EngineChild {
  post(message: unknown): void;
  /** Called with each message of the process. */
  onMessage(listener: (message: unknown) => void): void;
  /** What it prints. */
  readonly output: readonly (NodeJS.ReadableStream | null)[];
  /** Called once, when it has ended or could not be started; `why`: what the system says of it, if it does. */
  onEnd(listener: (why?: string) => void): void;
  /** Stops it until `resume`; has no effect where processes cannot be stopped. */
  pause(): void;
  resume(): void;
  /** Ends it at once. */
  kill(): void;
}

/** Starts the process of sherpa-onnx (`sherpa-child`). Plain Node.js forks; Electron's main process has a way of its own. */
export type StartChild = () => EngineChild;

/**
 * @param path the bundle or the source of `sherpa-child`; in a package, whose program takes commands instead of modules, the command that
 * loads it
 */
export function forkChild(path: string): StartChild {
  return () => {
    // Typed arrays cross only by structured clone.
    const child = fork(path, [], { serialization: 'advanced', silent: true });
    const kill = (): void => void child.kill('SIGKILL');
    // One that is stopped would not notice that its parent has ended.
    process.once('exit', kill);
    child.once('close', () => process.off('exit', kill));
    return {
      output: [child.stdout, child.stderr],
      post: (message) => {
        if (child.connected) child.send(message as object, () => undefined);
      },
      onMessage: (listener) => void child.on('message', listener),
      onEnd: (listener) => {
        let hasEnded = false;
        const end = (why?: string): void => {
          if (!hasEnded) listener(why);
          hasEnded = true;
        };
        child.once('error', (error) => end(error.message));
        child.once('close', () => end());
      },
      pause: () => {
        if (CAN_STOP) child.kill('SIGSTOP');
      },
      resume: () => {
        if (CAN_STOP) child.kill('SIGCONT');
      },
      kill,
    };
  };
}
