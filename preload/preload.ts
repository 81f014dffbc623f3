import { contextBridge, ipcRenderer } from 'electron';
import type { Channels, NodeApi, NodeEvent, Reply } from './api.ts';

const CALL = 'corridor:call' satisfies keyof Channels;
const EVENT = 'corridor:event' satisfies keyof Channels;

const listeners = new Set<(event: NodeEvent) => void>();
ipcRenderer.on(EVENT, (_event, told: NodeEvent) => {
  for (const listener of listeners) listener(told);
});

/** What the panel sees of the program: the one API, and nothing of Electron. */
const api: NodeApi = {
  async call(method, args) {
    const reply = (await ipcRenderer.invoke(CALL, { method, args })) as Reply<never>;
    if (reply.ok) return reply.result;
    throw new Error(reply.error);
  },
  onEvent(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

contextBridge.exposeInMainWorld('corridor', api);
