import { ipcMain } from 'electron';
import * as v from 'valibot';
import type { Channels, PanelPart } from '../../preload/api.ts';
import { isAlive, isPanel, type Contents } from './bridge.ts';

const PART = 'corridor:part' satisfies keyof Channels;
const TAKE_PART = 'corridor:take-part' satisfies keyof Channels;
const CHOOSING_KEY = 'corridor:choosing-key' satisfies keyof Channels;
/** How long keys stay quiet at most, ms: the panel may never report that the person has chosen. */
const CHOOSING_LIMIT_MS = 30_000;

interface PanelRequestsOptions {
  readonly contents: Contents;
  /** The person chooses a key in the panel: no global key acts meanwhile. */
  readonly choosingKey: (isChoosing: boolean) => void;
}

/** The requests between panel and desktop besides the node's API: show a part of the panel, keep the keys quiet. */
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

  /** Shows this part of the panel, now or as soon as the panel is loaded. */
  show(part: PanelPart): void {
    this.#part = part;
    const panel = this.#options.contents();
    if (isAlive(panel)) panel.send(PART);
  }

  /** The page is gone or hidden: the person chooses no key in it any more. */
  reset(): void {
    this.#choosing(false);
  }

  #choosing(isChoosing: boolean): void {
    clearTimeout(this.#timer);
    this.#options.choosingKey(isChoosing);
    if (isChoosing) this.#timer = setTimeout(() => this.#choosing(false), CHOOSING_LIMIT_MS);
  }
}
