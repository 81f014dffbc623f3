import type { PanelApi } from '../preload/api.ts';

declare global {
  interface Window {
    /** What Electron's preload exposes: the one API, and nothing else. Not there in a browser. */
    readonly corridor?: PanelApi;
  }
}
