import { utilityProcess } from 'electron';
import type { EngineChild, StartChild } from '../speech/index.ts';

/**
 * Starts the process of sherpa-onnx in Electron, whose program cannot run as Node.js (the fuse `runAsNode` is off).
 * @param path the bundle of `sherpa-child`
 */
export function utilityChild(path: string): StartChild {
  return (): EngineChild => {
    const child = utilityProcess.fork(path, [], {
      serviceName: 'Corridor speech',
      stdio: 'pipe',
      // macOS: the person has installed the library, and no hand that Apple knows has signed it.
      allowLoadingUnsignedLibraries: true,
    });
    let isPaused = false;
    // The process has an id only once it runs.
    child.once('spawn', () => {
      if (isPaused) signal(child.pid, 'SIGSTOP');
    });
    return {
      output: [child.stdout, child.stderr],
      post: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on('message', listener),
      onEnd: (listener) => void child.once('exit', () => listener()),
      pause: () => {
        isPaused = true;
        signal(child.pid, 'SIGSTOP');
      },
      resume: () => {
        isPaused = false;
        signal(child.pid, 'SIGCONT');
      },
      kill: () => {
        // Its own `kill` asks the process, which does not answer while it works.
        if (!signal(child.pid, 'SIGKILL')) child.kill();
      },
    };
  };
}

/** Whether the process got the signal. Windows can only end a process. */
function signal(pid: number | undefined, name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): boolean {
  if (pid === undefined || (process.platform === 'win32' && name !== 'SIGKILL')) return false;
  try {
    return process.kill(pid, name);
  } catch {
    // It has ended.
    return false;
  }
}
