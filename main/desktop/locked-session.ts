import type { Session, WebContents } from 'electron';
import { PANEL_SCHEME } from './panel-files.ts';

/** The schemes that a page of this app may load from: none of them reaches the network. */
const OWN = new RegExp(`^(${PANEL_SCHEME}|data|blob|devtools):`);
/** The schemes of downloads: a page may offer files that it made itself. */
const MADE_HERE = /^(blob|data):/;

/** Lets the session's pages load the panel's files and their own data, and gives them no permission, no device and no network. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !OWN.test(details.url) }));
  session.on('will-download', (event, item) => {
    if (!MADE_HERE.test(item.getURL())) event.preventDefault();
  });
}

/** Keeps a page in place: it navigates nowhere, opens no window and holds no other page. */
export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
