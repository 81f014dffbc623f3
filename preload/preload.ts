import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { NodeApi, NodeEvent, Reply } from './api.ts';

/** What the panel may reach of the program: the one API over two channels. Main checks every argument. */
const corridor: NodeApi = {
  call: async (method, args) => {
    const reply = (await ipcRenderer.invoke('corridor:call', method, args)) as Reply<never>;
    if (!reply.ok) throw new Error(reply.error);
    return reply.result;
  },
  onEvent: (listener) => {
    const hear = (_: IpcRendererEvent, event: NodeEvent): void => listener(event);
    ipcRenderer.on('corridor:event', hear);
    return () => ipcRenderer.removeListener('corridor:event', hear);
  },
};

contextBridge.exposeInMainWorld('corridor', corridor);
