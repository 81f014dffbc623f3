import type { NodeApi, NodeEvent, Status } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { CorridorError } from '../model/index.ts';

/** The signals that ask a command to end. SIGHUP: its terminal was closed, or its connection was lost. */
export const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves with the first defined result of `look` on an event from now on; undefined after `timeoutMs`. Listening begins within the call,
 * so that no later event is missed.
 */
export function awaitEvent<T>(
  api: Pick<NodeApi, 'onEvent'>,
  timeoutMs: number,
  look: (event: NodeEvent) => T | undefined,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const end = (value: T | undefined): void => {
      clearTimeout(timer);
      stop();
      resolve(value);
    };
    const timer = setTimeout(() => end(undefined), timeoutMs);
    // The connection keeps the program running; without one there is nothing to wait for.
    timer.unref();
    const stop = api.onEvent((event) => {
      const found = look(event);
      if (found !== undefined) end(found);
    });
  });
}

/**
 * Resolves with the first status that passes, at once where the present one does; undefined after `timeoutMs`.
 * @throws CorridorError `interrupted` at Ctrl+C, `node-gone` where the node ends meanwhile
 */
export async function awaitStatus(
  node: Pick<RemoteNode, 'call' | 'onEvent' | 'closed'>,
  timeoutMs: number,
  passes: (status: Status) => boolean,
): Promise<Status | undefined> {
  const { asked, stop } = interruption();
  try {
    const later = awaitEvent(node, timeoutMs, (event) =>
      event.type === 'status' && passes(event.status) ? event.status : undefined,
    );
    const now = await node.call('status');
    return passes(now) ? now : await Promise.race([later, asked, gone(node)]);
  } finally {
    stop();
  }
}

/** Rejects when the node ends. */
export async function gone(node: Pick<RemoteNode, 'closed'>): Promise<never> {
  await node.closed;
  throw new CorridorError('node-gone', 'Corridor ended meanwhile. Start it again: corridor node');
}

/** Rejects with `interrupted` at Ctrl+C, or when the terminal is closed, until `stop` is called. */
export function interruption(): { readonly asked: Promise<never>; readonly stop: () => void } {
  let stop: () => void = () => undefined;
  const asked = new Promise<never>((_resolve, reject) => {
    const ask = (): void => reject(new CorridorError('interrupted', 'Ended by Ctrl+C.'));
    for (const signal of ENDING) process.on(signal, ask);
    stop = () => {
      for (const signal of ENDING) process.off(signal, ask);
    };
  });
  asked.catch(() => undefined);
  return { asked, stop };
}
