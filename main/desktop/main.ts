import './thread-pool.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { translate } from '../../i18n/index.ts';
import { endAtOnce, faults, refusalOf, surviveFaults, whyOf } from '../model/index.ts';
import { parseArguments, type DesktopOptions } from './arguments.ts';
import { Desktop } from './desktop.ts';
import { allowPortalShortcuts } from './key-shortcuts.ts';
import { linkText, parseDeepLink, type DeepLink } from './deep-link.ts';
import { openLog } from './log-file.ts';
import { keepLoginItem } from './login-item.ts';
import { loadStrings } from './strings.ts';
import { claimLinks, OfferedLink } from './offered-link.ts';
import { declarePanelScheme } from './panel-protocol.ts';
import { watchPower, watchSeat } from './power.ts';
import { tryoutNotice } from './tryout.ts';

/** How long the node has to leave its office in good order, ms; after that the app ends without it. */
const CLOSE_TIMEOUT_MS = 8000;
const APP_ID = 'io.github.corridor.intercom';

function startApp(): void {
  const options = parseOrExit();
  const { profile } = options;
  const log = openLog(profile);
  const notice = tryoutNotice();
  if (notice) log(notice);
  // Windows groups windows and notifications by this id.
  app.setAppUserModelId(APP_ID);
  // Chromium's files belong into the profile, and with them the lock: one running app for each profile.
  const userData = join(profile, 'electron');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
  if (
    !app.requestSingleInstanceLock({
      link: options.link ? linkText(options.link) : null,
      hidden: options.hidden,
    })
  ) {
    log('Corridor already runs with this profile; its panel is shown.');
    app.exit(0);
    return;
  }
  // Electron would show a dialog that stops everything until a person closes it: nobody could talk meanwhile.
  surviveFaults();
  // Every page runs in Chromium's sandbox, whatever its window's options. (A container has none, and pages would never load.)
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  declarePanelScheme();
  allowPortalShortcuts();
  void run(options, log);
}

async function run(options: DesktopOptions, log: (line: string) => void): Promise<void> {
  let desktop: Desktop | undefined;
  // From its start on the node logs them.
  const stopSaying = faults.onLogged(({ line }) => log(line));
  let links: OfferedLink | undefined;
  /** Requests that came before the desktop was started. */
  const wishes: { open: boolean; link?: DeepLink | undefined } = { open: false, link: options.link };
  let isClosing = false;
  let leaveSeat = (): void => undefined;
  const open = (): void => {
    if (desktop) desktop.open();
    else wishes.open = true;
  };
  const follow = (link: DeepLink): void => {
    if (links) links.offer(link);
    else wishes.link = link;
  };
  app.on('second-instance', (_event, _argv, _folder, data: unknown) => {
    const { link: text, hidden } = (data ?? {}) as { readonly link?: unknown; readonly hidden?: unknown };
    const link = parseDeepLink(text);
    if (link) follow(link);
    else if (hidden !== true) open();
  });
  // macOS delivers links by this event, also the one that starts the app.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const link = parseDeepLink(url);
    if (link) follow(link);
  });
  app.on('activate', open);
  // The app stays in the tray.
  app.on('window-all-closed', () => undefined);
  app.on('before-quit', (event) => {
    if (!desktop) return;
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    // Programs that outlive this one would hold what they inherited of it, and Electron's other processes with it.
    leaveSeat();
    const timer = setTimeout(() => {
      log('Corridor could not leave in good order within 8 s; messages are kept.');
      endAtOnce();
    }, CLOSE_TIMEOUT_MS);
    desktop.close().then(
      () => {
        clearTimeout(timer);
        app.exit(0);
      },
      (error: unknown) => {
        log(`while leaving: ${String(error)}`);
        endAtOnce();
      },
    );
  });
  await app.whenReady();
  wishes.open ||= !isHidden(options);
  try {
    desktop = await Desktop.start(options, log);
    stopSaying();
    const { api } = desktop;
    links = new OfferedLink({ api, open, contents: () => desktop?.contents, log });
    watchPower(api, log);
    leaveSeat = watchSeat(api, (isLocked) => desktop?.locked(isLocked), log);
    claimLinks();
    log(`Corridor ${app.getVersion()} runs, on Electron ${process.versions.electron}.`);
    if (wishes.link) links.offer(wishes.link);
    else if (wishes.open) desktop.open();
    await keepLoginItem(api, options.profile, log);
  } catch (error) {
    const { error: sentence, phrase } = refusalOf(error);
    log(sentence);
    // Without a node the app cannot read the person's language: the message is in the system's.
    const strings = await loadStrings(null, app.getLocale());
    dialog.showErrorBox(strings.cannotStart, translate(strings.phrases, { sentence, phrase }));
    app.exit(1);
  }
}

/** Whether the app starts in the tray, as at login. */
function isHidden(options: DesktopOptions): boolean {
  return options.hidden || (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);
}

function parseOrExit(): DesktopOptions {
  try {
    return parseArguments(process.argv.slice(1));
  } catch (error) {
    console.error(`corridor: ${whyOf(error)}`);
    process.exit(2);
  }
}

startApp();
