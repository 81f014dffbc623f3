import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { isMethodName, type Channels, type NodeApi, type NodeEvent, type Reply } from '../../preload/api.ts';
import { CorridorError, refusalOf } from '../model/index.ts';
import { PANEL_URL } from './panel-files.ts';

const CALL = 'corridor:call' satisfies keyof Channels;
const EVENT = 'corridor:event' satisfies keyof Channels;
const LINK = 'corridor:link' satisfies keyof Channels;
const TAKE_LINK = 'corridor:take-link' satisfies keyof Channels;

export type Contents = () => Electron.WebContents | undefined;

interface BridgeOptions {
  /** The node; calls wait until it has started. */
  readonly api: Promise<NodeApi>;
  /** The panel's contents: calls of other pages are refused. */
  readonly contents: Contents;
  readonly log: (line: string) => void;
}

/** Answers the panel's calls. Checks the sender and the method; the node checks the arguments. */
export function serveCalls({ api, contents, log }: BridgeOptions): void {
  ipcMain.handle(CALL, async (event, request: unknown): Promise<Reply<unknown>> => {
    if (!isPanel(event, contents)) {
      log(`a call from ${event.senderFrame?.url ?? 'a frame that is gone'} was refused`);
      return { ok: false, code: 'refused', error: 'Only the panel may call.', phrase: null };
    }
    const { method, args } = (typeof request === 'object' && request !== null ? request : {}) as Record<
      string,
      unknown
    >;
    if (!isMethodName(method))
      return { ok: false, code: 'unknown-method', error: 'There is no such method.', phrase: null };
    try {
      // Not checked yet: the node checks them by the method's schema.
      return { ok: true, result: await (await api).call(method, args as never) };
    } catch (error) {
      if (!(error instanceof CorridorError))
        log(`${method} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return { ok: false, ...refusalOf(error) };
    }
  });
}

/** Sends an event to the panel, if it is loaded. */
export function sendEvent(contents: Electron.WebContents | undefined, event: NodeEvent): void {
  if (isAlive(contents)) contents.send(EVENT, event);
}

/** Lets the panel fetch the waiting join link. Returns a function that tells the panel that a link waits. */
export function serveLink(contents: Contents, take: () => string | null): () => void {
  ipcMain.handle(TAKE_LINK, (event): string | null => (isPanel(event, contents) ? take() : null));
  return () => {
    const panel = contents();
    if (isAlive(panel)) panel.send(LINK);
  };
}

/** Whether a message comes from the panel's own page, not from a frame in it or from another page in its window. */
export function isPanel({ sender, senderFrame }: IpcMainInvokeEvent, contents: Contents): boolean {
  return sender === contents() && senderFrame?.parent === null && senderFrame.url.split('#')[0] === PANEL_URL;
}

/** Whether there is a page that can receive events. */
export function isAlive(contents: Electron.WebContents | undefined): contents is Electron.WebContents {
  return contents !== undefined && !contents.isDestroyed() && !contents.isCrashed();
}
