import { pathToFileURL } from 'node:url';
import { ipcMain } from 'electron';
import { isMethodName, type Channels, type NodeApi, type NodeEvent, type Reply } from '../../preload/api.ts';
import { CorridorError } from '../model/index.ts';

const CALL = 'corridor:call' satisfies keyof Channels;
const EVENT = 'corridor:event' satisfies keyof Channels;

export interface BridgeOptions {
  /** The node; calls wait until it has started. */
  readonly api: Promise<NodeApi>;
  /** The panel's contents: nobody else is answered. */
  readonly contents: () => Electron.WebContents | undefined;
  /** The file that the panel is. */
  readonly page: string;
  readonly log: (line: string) => void;
}

/** Answers the panel's calls. What it sends is checked here (who, which method) and by the node (the arguments). */
export function serveCalls({ api, contents, page, log }: BridgeOptions): void {
  const home = pathToFileURL(page).href;
  ipcMain.handle(CALL, async (event, request: unknown): Promise<Reply<unknown>> => {
    const frame = event.senderFrame;
    const isPanel = event.sender === contents() && frame?.parent === null && frame.url.split('#')[0] === home;
    if (!isPanel) {
      log(`a call from ${frame?.url ?? 'a frame that is gone'} was refused`);
      return { ok: false, code: 'refused', error: 'Only the panel may call.' };
    }
    const { method, args } = (typeof request === 'object' && request !== null ? request : {}) as Record<
      string,
      unknown
    >;
    if (!isMethodName(method))
      return { ok: false, code: 'unknown-method', error: 'There is no such method.' };
    try {
      // The node checks the arguments by the method's schema; here they are still anything.
      return { ok: true, result: await (await api).call(method, args as never) };
    } catch (error) {
      if (error instanceof CorridorError) return { ok: false, code: error.code, error: error.message };
      log(`${method} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return { ok: false, code: 'failed', error: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** Hands an event to the panel, if there is one that lives. */
export function sendEvent(contents: Electron.WebContents | undefined, event: NodeEvent): void {
  if (!contents || contents.isDestroyed() || contents.isCrashed()) return;
  contents.send(EVENT, event);
}
