import type { PanelApi } from '../preload/api.ts';

/** The desktop's services to the panel; undefined in a browser, which has no global keys and no start at login. */
export const desktop: PanelApi | undefined = window.corridor;
