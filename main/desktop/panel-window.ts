import { app, BrowserWindow, screen, type WebContents } from 'electron';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NodeEvent } from '../../preload/api.ts';
import { trayImage } from './tray-image.ts';
import { inSight, MIN_HEIGHT, MIN_WIDTH, readBounds, writeBounds } from './window-state.ts';

const SAVE_AFTER_MS = 400;
/** A panel that crashes again at once is not loaded again and again. */
const MIN_LIFE_MS = 3000;

export interface PanelOptions {
  /** Where the place of the window is kept. */
  readonly folder: string;
  /** dist/: the preload's bundle and the panel. */
  readonly dist: string;
  readonly log: (line: string) => void;
  /** Its renderer is gone; a new one is being loaded. */
  readonly lost: () => void;
}

/** The panel's window: made when first shown, hidden when closed, loaded again when its renderer dies. */
export class PanelWindow {
  readonly #options: PanelOptions;
  readonly #page: string;
  #window: BrowserWindow | null = null;
  #quitting = false;
  #loadedAt = 0;
  #saving: NodeJS.Timeout | undefined;

  constructor(options: PanelOptions) {
    this.#options = options;
    this.#page = pathToFileURL(join(options.dist, 'renderer', 'index.html')).href;
    app.on('before-quit', () => (this.#quitting = true));
  }

  show(): void {
    this.#window ??= this.#create();
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  send(event: NodeEvent): void {
    const contents = this.#window?.webContents;
    if (contents && !contents.isDestroyed() && !contents.isCrashed()) contents.send('corridor:event', event);
  }

  /** Whether a call came from the panel's own page, at the top of its own window. */
  isPanel(sender: WebContents, frame: Electron.WebFrameMain | null): boolean {
    return sender === this.#window?.webContents && frame === sender.mainFrame && frame.url === this.#page;
  }

  #create(): BrowserWindow {
    const { folder, dist } = this.#options;
    const areas = screen.getAllDisplays().map((display) => display.workArea);
    const { x, y, width, height } = inSight(readBounds(folder), areas);
    const window = new BrowserWindow({
      ...(x !== undefined && y !== undefined ? { x, y } : {}),
      width,
      height,
      minWidth: MIN_WIDTH,
      minHeight: MIN_HEIGHT,
      show: false,
      title: 'Corridor',
      icon: trayImage({ kind: 'idle' }, 64),
      autoHideMenuBar: true,
      webPreferences: {
        preload: join(dist, 'preload.cjs'),
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        spellcheck: false,
        // What is shown while the panel is hidden has to be right the moment it is shown.
        backgroundThrottling: false,
      },
    });
    window.removeMenu();
    this.#confine(window.webContents);
    window.on('close', (event) => {
      if (this.#quitting) return;
      event.preventDefault();
      window.hide();
    });
    window.on('closed', () => (this.#window = null));
    window.on('resize', () => this.#remember(window));
    window.on('move', () => this.#remember(window));
    window.webContents.on('render-process-gone', (_event, details) => {
      this.#options.log(`the panel's renderer is gone: ${details.reason}`);
      this.#options.lost();
      setTimeout(() => this.#load(window), Math.max(0, this.#loadedAt + MIN_LIFE_MS - Date.now()));
    });
    this.#load(window);
    return window;
  }

  #load(window: BrowserWindow): void {
    if (window.isDestroyed()) return;
    this.#loadedAt = Date.now();
    window
      .loadURL(this.#page)
      .catch((error: Error) => this.#options.log(`the panel did not load: ${error.message}`));
  }

  /** It shows one page of ours and goes nowhere else; it may ask the system for nothing. */
  #confine(contents: WebContents): void {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
    contents.session.setPermissionCheckHandler(() => false);
  }

  #remember(window: BrowserWindow): void {
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => {
      if (window.isDestroyed() || !window.isVisible()) return;
      try {
        writeBounds(this.#options.folder, window.getNormalBounds());
      } catch (error) {
        this.#options.log(
          `the window's place was not kept: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }, SAVE_AFTER_MS);
  }
}
