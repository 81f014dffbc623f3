import { contextBridge, ipcRenderer } from 'electron';
import type { Channels, NodeEvent, PanelApi, PanelPart, Reply } from './api.ts';

const CALL = 'corridor:call' satisfies keyof Channels;
const EVENT = 'corridor:event' satisfies keyof Channels;
const LINK = 'corridor:link' satisfies keyof Channels;
const TAKE_LINK = 'corridor:take-link' satisfies keyof Channels;
const PART = 'corridor:part' satisfies keyof Channels;
const TAKE_PART = 'corridor:take-part' satisfies keyof Channels;
const CHOOSING_KEY = 'corridor:choosing-key' satisfies keyof Channels;

const listeners = new Set<(event: NodeEvent) => void>();
ipcRenderer.on(EVENT, (_event, nodeEvent: NodeEvent) => {
  for (const listener of listeners) listener(nodeEvent);
});

/** Everything of the program that the panel's page can reach: the API, and nothing of Electron. */
const api: PanelApi = {
  async call(method, args) {
    const reply = (await ipcRenderer.invoke(CALL, { method, args })) as Reply<never>;
    if (reply.ok) return reply.result;
    const { code, error: message, phrase } = reply;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- an Error loses all but its message on its way into the page
    throw { code, message, phrase };
  },
  onEvent(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  onJoinLink(listener) {
    const take = async (): Promise<void> => {
      const link = (await ipcRenderer.invoke(TAKE_LINK)) as string | null;
      if (link !== null) listener(link);
    };
    ipcRenderer.on(LINK, () => void take());
    void take();
  },
  onPart(listener) {
    const take = async (): Promise<void> => {
      const part = (await ipcRenderer.invoke(TAKE_PART)) as PanelPart | null;
      if (part !== null) listener(part);
    };
    ipcRenderer.on(PART, () => void take());
    void take();
  },
  async choosingKey(isChoosing) {
    await ipcRenderer.invoke(CHOOSING_KEY, isChoosing);
  },
};

contextBridge.exposeInMainWorld('corridor', api);
