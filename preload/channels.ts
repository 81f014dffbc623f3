import type { MethodName } from './methods.ts';
import type { NodeApi, NodeEvent, Reply } from './node-api.ts';

/** Every channel of Electron's IPC. */
export interface Channels {
  /** From the panel: a call of the node's API. */
  'corridor:call': (request: {
    readonly method: MethodName;
    readonly args?: unknown;
  }) => Promise<Reply<unknown>>;
  /** To the panel: an event of the node. */
  'corridor:event': (event: NodeEvent) => void;
  /** To the panel: a person opened a join link, which waits for the panel to take it. */
  'corridor:link': () => void;
  /** From the panel: takes the waiting join link, once. */
  'corridor:take-link': () => Promise<string | null>;
  /** To the panel: the desktop asks it to show a part, and waits for the panel to take the request. */
  'corridor:part': () => void;
  /** From the panel: takes the part to show, once. */
  'corridor:take-part': () => Promise<PanelPart | null>;
  /** From the panel: the person begins or ends choosing a key there. */
  'corridor:choosing-key': (isChoosing: boolean) => Promise<void>;
}

/** The parts that the desktop can ask the panel to show. */
export type PanelPart = 'people' | 'settings' | 'requests';

/** The API of the panel in Electron, with the desktop's own events. */
export interface PanelApi extends NodeApi {
  /** A person opened a join link: the panel shows it and asks. A link that was opened before comes too. */
  onJoinLink(listener: (link: string) => void): void;
  /** The tray's menu, for example, asked for a part of the panel. A request from before comes too. */
  onPart(listener: (part: PanelPart) => void): void;
  /**
   * While a key is being chosen, no key of the desktop acts, and the panel sees them all. Ends by itself after 30 seconds, or
   * with the page. The settings stay as they are.
   */
  choosingKey(isChoosing: boolean): Promise<void>;
}
