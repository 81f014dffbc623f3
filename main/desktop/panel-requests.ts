import { ipcMain } from 'electron';
import * as v from 'valibot';
import type { Channels, PanelPart } from '../../preload/api.ts';
import { isAlive, isPanel, type Contents } from './bridge.ts';

const PART = 'corridor:part' satisfies keyof Channels;
const TAKE_PART = 'corridor:take-part' satisfies keyof Channels;
const CHOOSING_KEY = 'corridor:choosing-key' satisfies keyof Channels;
/** A panel that never says that the key is chosen must not take the keys away for good. */
const CHOOSING_LIMIT_MS = 30_000;

export interface PanelRequestsOptions {
  readonly contents: Contents;
  /** No key of the desktop acts meanwhile. */
  readonly choosingKey: (isChoosing: boolean) => void;
}

/** What panel and desktop ask of each other besides the node's API: a part of the panel to show, and quiet keys. */
export class PanelRequests {
  readonly #options: PanelRequestsOptions;
  #part: PanelPart | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PanelRequestsOptions) {
    this.#options = options;
    const { contents } = options;
    ipcMain.handle(TAKE_PART, (event): PanelPart | null => {
      if (!isPanel(event, contents)) return null;
      const part = this.#part;
      this.#part = null;
      return part;
    });
    ipcMain.handle(CHOOSING_KEY, (event, given: unknown): void => {
      const isChoosing = v.safeParse(v.boolean(), given);
      if (isPanel(event, contents) && isChoosing.success) this.#choosing(isChoosing.output);
    });
  }

  /** The panel shows this part now, or as soon as it is there. */
  show(part: PanelPart): void {
    this.#part = part;
    const panel = this.#options.contents();
    if (isAlive(panel)) panel.send(PART);
  }

  /** The page is gone, or the panel is hidden: whatever was being chosen in it no longer is. */
  reset(): void {
    this.#choosing(false);
  }

  #choosing(isChoosing: boolean): void {
    clearTimeout(this.#timer);
    this.#options.choosingKey(isChoosing);
    if (isChoosing) this.#timer = setTimeout(() => this.#choosing(false), CHOOSING_LIMIT_MS);
  }
}
