import type { Session, WebContents } from 'electron';
import { PANEL_SCHEME } from './panel-files.ts';

/** What a page of this app may load. Anything of the network is none of it. */
const OWN = new RegExp(`^(${PANEL_SCHEME}|data|blob|devtools):`);
/** What it may hand to a person as a file: what it made itself. */
const MADE_HERE = /^(blob|data):/;

/** Pages of the session load the panel's files and what they made themselves; they get no permission, no device, no network. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !OWN.test(details.url) }));
  session.on('will-download', (event, item) => {
    if (!MADE_HERE.test(item.getURL())) event.preventDefault();
  });
}

/** A page stays the page: it goes nowhere else, opens nothing, and holds no other page. */
export function lockContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
