import { app, BrowserWindow, screen, session } from 'electron';
import { lockContents, lockSession } from './locked-session.ts';
import { PANEL_URL } from './panel-files.ts';
import { servePanel } from './panel-protocol.ts';
import { readBounds, writeBounds } from './window-bounds.ts';

const WIDTH = 400;
const HEIGHT = 680;
/** After more crashes than this within a minute the app does not load the panel again. */
const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 60_000;

interface PanelOptions {
  /** dist/preload.cjs. */
  readonly preload: string;
  /** dist/renderer. */
  readonly folder: string;
  readonly icon: Electron.NativeImage;
  /** The file that keeps its place on the screen. */
  readonly boundsFile: string;
  /** Whether closing hides it. Where no tray can show it again, closing minimizes it. */
  readonly hidesOnClose: () => boolean;
  /** The page crashed; the app loads it again, unless it `gaveUp`. */
  readonly crashed: (reason: string, gaveUp: boolean) => void;
}

/** The panel's window. The app creates it at the first `open`, and survives its crashes. */
export class PanelWindow {
  readonly #options: PanelOptions;
  #window: BrowserWindow | undefined;
  #crashes: number[] = [];
  #isQuitting = false;

  constructor(options: PanelOptions) {
    this.#options = options;
    lockSession(session.defaultSession);
    servePanel(session.defaultSession.protocol, options.folder);
    // Any page of the app, not only this window's.
    app.on('web-contents-created', (_event, contents) => lockContents(contents));
  }

  /** The page's contents while there is a window. */
  get contents(): Electron.WebContents | undefined {
    return this.#window && !this.#window.isDestroyed() ? this.#window.webContents : undefined;
  }

  get isVisible(): boolean {
    return this.#window?.isVisible() === true && !this.#window.isMinimized();
  }

  /** Shows it, in front and with the keyboard. */
  open(): void {
    if (this.#window) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return;
    }
    const window = this.#create();
    this.#window = window;
    window.once('ready-to-show', () => {
      window.show();
      window.focus();
    });
    this.#load(window);
  }

  /** Has the system's bar of windows point at it, until the person turns to it. */
  attract(isOn: boolean): void {
    const window = this.#window;
    if (window && !window.isDestroyed() && !window.isFocused()) window.flashFrame(isOn);
  }

  /** Closes the window for good. */
  quit(): void {
    this.#isQuitting = true;
    // Not `destroy`, which raises no `close`: that saves its place.
    this.#window?.close();
  }

  #create(): BrowserWindow {
    const { boundsFile, preload, icon } = this.#options;
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    const window = new BrowserWindow({
      width: WIDTH,
      height: HEIGHT,
      ...readBounds(boundsFile, screens),
      minWidth: 320,
      minHeight: 400,
      title: 'Corridor',
      icon,
      show: false,
      autoHideMenuBar: true,
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        experimentalFeatures: false,
        spellcheck: false,
        devTools: !app.isPackaged,
      },
    });
    const keep = (): void => writeBounds(boundsFile, window.getNormalBounds());
    window.on('moved', keep);
    window.on('resized', keep);
    window.on('focus', () => window.flashFrame(false));
    window.on('close', (event) => {
      keep();
      if (this.#isQuitting) return;
      event.preventDefault();
      if (this.#options.hidesOnClose()) window.hide();
      else window.minimize();
    });
    window.on('closed', () => (this.#window = undefined));
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#gone(window, reason));
    return window;
  }

  #gone(window: BrowserWindow, reason: string): void {
    if (this.#isQuitting || window.isDestroyed()) return;
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < CRASH_WINDOW_MS), now];
    const gaveUp = this.#crashes.length > MAX_CRASHES;
    this.#options.crashed(reason, gaveUp);
    // Chromium refuses to load a page inside the event of its crash.
    setImmediate(() => {
      if (window.isDestroyed()) return;
      if (gaveUp) window.destroy();
      else this.#load(window);
    });
  }

  #load(window: BrowserWindow): void {
    // The page's own events report a failed load; a closed window needs none.
    window.loadURL(PANEL_URL).catch(() => undefined);
  }
}
