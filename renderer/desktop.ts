import type { PanelApi } from '../preload/api.ts';

/** What the desktop does for the panel; undefined in a browser, where there are no keys, no notifications and no login of it. */
export const desktop: PanelApi | undefined = window.corridor;
