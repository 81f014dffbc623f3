import type { ChildProcess } from 'node:child_process';
import { connectLocalSocket, type RemoteNode } from '../../main/transports/index.ts';
import { eventually } from './eventually.ts';

/** How long a program may take to end, ms: a node leaves its office within 8 s. */
const LEAVE_MS = 9000;

/**
 * Connects to the API of the node that runs in a profile. `program`: the node's process and its output, if the test has them, so that a node
 * that has ended is not awaited.
 */
export async function connectNode(
  profile: string,
  program?: { readonly child: ChildProcess; readonly printed: () => string },
): Promise<RemoteNode> {
  let answering: RemoteNode | undefined;
  let reason: unknown;
  await eventually(
    async () => {
      const { exitCode, signalCode } = program?.child ?? { exitCode: null, signalCode: null };
      if (exitCode !== null || signalCode !== null)
        throw new Error(`the node has ended (${exitCode ?? signalCode}): ${program?.printed()}`);
      const api = await connectLocalSocket(profile).catch((error: unknown) => void (reason = error));
      if (!api) return false;
      try {
        await api.call('status');
        answering = api;
        return true;
      } catch (error) {
        reason = error;
        api.close();
        return false;
      }
    },
    () => `the node in ${profile} answers: ${String(reason)} ${program?.printed() ?? ''}`,
  );
  if (!answering) throw new Error('the node does not answer');
  return answering;
}

/** Ends a program like the end of a desktop session, and waits for its exit. Kills it if it does not end in time. */
export async function endProgram(child: ChildProcess, leaveMs = LEAVE_MS): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), leaveMs);
  await exited;
  clearTimeout(force);
}
