import type { PanelApi } from '../preload/api.ts';

declare global {
  interface Window {
    /** The one API, which is all that Electron's preload exposes. It is absent in a browser. */
    readonly corridor?: PanelApi;
  }
}
