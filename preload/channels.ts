import type { MethodName } from './methods.ts';
import type { NodeApi, NodeEvent, Reply } from './node-api.ts';

/** Every channel of Electron's IPC. */
export interface Channels {
  /** Asked by the panel. */
  'corridor:call': (request: {
    readonly method: MethodName;
    readonly args?: unknown;
  }) => Promise<Reply<unknown>>;
  /** To the panel: an event of the node. */
  'corridor:event': (event: NodeEvent) => void;
  /** To the panel: a person opened a join link, which waits for the panel to take it. */
  'corridor:link': () => void;
  /** Asked by the panel: the join link that waits. It is handed over once. */
  'corridor:take-link': () => Promise<string | null>;
  /** To the panel: the desktop asks for a part of it, and waits for the panel to take the request. */
  'corridor:part': () => void;
  /** Asked by the panel: the part to show. It is handed over once. */
  'corridor:take-part': () => Promise<PanelPart | null>;
  /** From the panel: the person begins or ends choosing a key there. */
  'corridor:choosing-key': (isChoosing: boolean) => Promise<void>;
}

/** The parts that the desktop can ask the panel to show. */
export type PanelPart = 'people' | 'settings' | 'requests';

/** The API as the panel has it in Electron, with what only a desktop tells. */
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
