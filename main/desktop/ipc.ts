import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import { checkArguments, isMethodName, type NodeApi, type Reply } from '../../preload/api.ts';
import { CorridorError } from '../model/index.ts';
import type { PanelWindow } from './panel-window.ts';

/** Serves the API to the panel. Whoever else calls, or calls wrongly, is refused, and that is logged. */
export function serveIpc(api: NodeApi, panel: PanelWindow, log: (line: string) => void): void {
  ipcMain.handle('corridor:call', async (event: IpcMainInvokeEvent, method: unknown, args: unknown) => {
    // Newer Electrons give no frame where it is gone already.
    if (!panel.isPanel(event.sender, event.senderFrame)) {
      log('a call from a page that is not the panel was refused');
      return refusal('refused', 'Only Corridor’s own window may do that.');
    }
    return answer(api, method, args, log);
  });
  api.onEvent((event) => panel.send(event));
}

async function answer(
  api: NodeApi,
  method: unknown,
  args: unknown,
  log: (line: string) => void,
): Promise<Reply<unknown>> {
  if (!isMethodName(method)) {
    log('the panel called a method that does not exist');
    return refusal('unknown-method', 'This version of Corridor does not know how to do that.');
  }
  const checked = checkArguments(method, args);
  if (!checked.ok) {
    log(`the panel called ${method} with wrong arguments: ${checked.error}`);
    return refusal('bad-arguments', checked.error);
  }
  try {
    return { ok: true, result: await api.call(method, checked.args) };
  } catch (error) {
    if (error instanceof CorridorError) return refusal(error.code, error.message);
    log(`${method} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return refusal('failed', `That did not work: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function refusal(code: string, error: string): Reply<never> {
  return { ok: false, code, error };
}
