import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, Menu, nativeImage, powerMonitor } from 'electron';
import type { Group, NodeEvent, Person, Settings, Status } from '../../preload/api.ts';
import { translate } from '../../i18n/index.ts';
import { serveLocalSocket, type LocalSocket } from '../transports/index.ts';
import { startNode, type CorridorNode } from '../node/index.ts';
import { refusalOf } from '../model/index.ts';
import type { DesktopOptions } from './arguments.ts';
import { sendEvent, serveCalls } from './bridge.ts';
import { callNews } from './call-news.ts';
import { Commands } from './commands.ts';
import { DesktopApi } from './desktop-api.ts';
import { drawIcon } from './draw-icon.ts';
import { encodePng } from './encode-png.ts';
import { FlashWindows } from './flash-windows.ts';
import { GlobalKeys } from './global-keys.ts';
import { hasTrayHost } from './has-tray.ts';
import { LastSpeaker } from './last-speaker.ts';
import { Notifications } from './notifications.ts';
import { findNotifySend } from './notify-send.ts';
import { PanelWindow } from './panel-window.ts';
import { PanelRequests } from './panel-requests.ts';
import { englishStrings, loadStrings, type Strings } from './strings.ts';
import { utilityChild } from './utility-child.ts';
import { TrayIcon } from './tray-icon.ts';
import { PANEL_GAVE_UP, PANEL_LOADED } from './troubles.ts';
import { workerPath } from './worker-path.ts';

const ICON_SIZE = 128;
const TROUBLE_SHOWN_MS = 15_000;

/** The node with a desktop around it: panel, tray, notifications, talk key, and the local socket for the command line. */
export class Desktop {
  readonly #api: DesktopApi;
  readonly #node: CorridorNode;
  readonly #socket: LocalSocket;
  readonly #log: (line: string) => void;
  readonly #panel: PanelWindow;
  readonly #notifications: Notifications;
  readonly #commands: Commands;
  readonly #keys: GlobalKeys;
  readonly #requests: PanelRequests;
  readonly #tray: TrayIcon;
  readonly #flashes: FlashWindows;
  readonly #lastSpeaker: LastSpeaker;
  #status: Status;
  #people: readonly Person[] = [];
  #groups: readonly Group[] = [];
  #settings: Settings | undefined;
  #hasTray = true;
  #strings: Strings = englishStrings;
  #stopListening: () => void = () => undefined;

  private constructor(
    options: DesktopOptions,
    node: CorridorNode,
    api: DesktopApi,
    socket: LocalSocket,
    status: Status,
    log: (line: string) => void,
  ) {
    this.#node = node;
    this.#api = api;
    this.#socket = socket;
    this.#status = status;
    this.#log = log;
    const dist = dirname(fileURLToPath(import.meta.url));
    const icon = nativeImage.createFromBuffer(encodePng(drawIcon(ICON_SIZE, { kind: 'idle' }), ICON_SIZE));
    this.#panel = new PanelWindow({
      preload: join(dist, 'preload.cjs'),
      folder: join(dist, 'renderer'),
      icon,
      boundsFile: join(options.profile, 'electron', 'panel.json'),
      hidesOnClose: () => this.#hasTray,
      crashed: (reason, gaveUp) => this.#panelCrashed(reason, gaveUp),
    });
    serveCalls({ api: Promise.resolve(api), contents: () => this.#panel.contents, log });
    this.#commands = new Commands({
      api,
      open: (part) => {
        if (part) this.#requests.show(part);
        this.open();
      },
      quit: () => app.quit(),
      failed: (error) => this.#fail(error),
      announce: (talk) => this.#notifications.talking(talk),
      log,
    });
    this.#notifications = new Notifications({
      strings: () => this.#strings,
      play: (which) => this.#commands.play(which),
      playAll: () => this.#commands.act({ type: 'play-all' }),
      reply: (message) => this.#commands.talk({ kind: 'reply', message }),
      stopTalking: () => this.#commands.talking.stop(),
      open: () => this.open(),
      call: (id, action) => this.#commands.act({ type: 'call', id, action }),
      callPerson: (person) => this.#commands.callPerson(person),
      showRequests: () => this.#commands.act({ type: 'requests' }),
      log,
    });
    this.#lastSpeaker = new LastSpeaker(api);
    this.#flashes = new FlashWindows(log);
    this.#tray = new TrayIcon((action) => this.#commands.act(action));
    this.#keys = new GlobalKeys({
      press: (action) => this.#commands.keyDown(action),
      release: (action) => this.#commands.keyUp(action),
      tap: (action) => this.#commands.keyTapped(action),
      trouble: (code, text) => {
        if (text) log(text.sentence);
        api.setTrouble(code, text);
      },
      log,
    });
    this.#requests = new PanelRequests({
      contents: () => this.#panel.contents,
      choosingKey: (isChoosing) => this.#keys.pause(isChoosing),
    });
  }

  /** Starts everything. Rejects with the error of the node's start, and leaves nothing running then. */
  static async start(options: DesktopOptions, log: (line: string) => void): Promise<Desktop> {
    let started: (api: DesktopApi) => void = () => undefined;
    const api = new Promise<DesktopApi>((resolve) => (started = resolve));
    // The socket first: it fails where another node uses this profile, before anything in it changes.
    const socket = await serveLocalSocket({ profile: options.profile, api, log });
    try {
      const node = await startNode({
        ...options,
        workerPath: workerPath(),
        log,
        speechBy: utilityChild,
        showsFlashes: true,
      });
      const whole = new DesktopApi(node);
      const desktop = new Desktop(options, node, whole, socket, await whole.call('status'), log);
      await desktop.#begin();
      started(whole);
      return desktop;
    } catch (error) {
      await socket.close();
      throw error;
    }
  }

  /** The node, with the desktop's own troubles. */
  get api(): DesktopApi {
    return this.#api;
  }

  /** The panel's page, while there is one. */
  get contents(): Electron.WebContents | undefined {
    return this.#panel.contents;
  }

  open(): void {
    this.#panel.open();
  }

  /** The screen was locked or unlocked: nobody can end what is being said behind a locked one, and anybody reads what it shows. */
  locked(isLocked: boolean): void {
    if (isLocked) this.#closeMicrophone();
    this.#notifications.locked(isLocked);
  }

  /** Ends what is being said, and releases all keys: nobody can end it behind a locked screen, or asleep. Calls go on. */
  #closeMicrophone(): void {
    this.#keys.giveUp();
    this.#commands.talking.stop();
  }

  /** Leaves the office, hands over, and closes everything. */
  async close(): Promise<void> {
    // Later events have no tray and no window that could show them.
    this.#stopListening();
    this.#commands.talking.stop();
    this.#keys.stop();
    const withdrawn = this.#notifications.close();
    this.#panel.quit();
    this.#flashes.close();
    this.#tray.destroy();
    await this.#socket.close();
    await this.#node.close();
    await withdrawn;
  }

  async #begin(): Promise<void> {
    this.#hasTray = await hasTrayHost();
    Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }]));
    this.#stopListening = this.#api.onEvent((event) => this.#on(event));
    for (const event of ['suspend', 'shutdown'] as const)
      powerMonitor.on(event as 'suspend', () => this.#closeMicrophone());
    app.on('browser-window-focus', () => this.#keys.lookAgain());
    const notifier = await findNotifySend();
    if (notifier) this.#notifications.by(notifier);
    this.#people = await this.#api.call('people');
    this.#groups = await this.#api.call('groups');
    await this.#lastSpeaker.ask();
    await this.#use(await this.#api.call('settings'));
    this.#show();
    if (this.#status.state !== 'running' || !this.#hasTray) this.open();
  }

  #on(event: NodeEvent): void {
    // Levels come many times a second; a hidden panel needs none.
    if (event.type !== 'level' || this.#panel.isVisible) sendEvent(this.#panel.contents, event);
    this.#commands.on(event);
    if (event.type === 'notification') this.#notifications.waiting(event);
    else if (event.type === 'notification-done') this.#notifications.done(event.id);
    // The panel shows the next two itself.
    else if (event.type === 'preset-sent' && !this.#panel.isVisible) this.#notifications.sent(event);
    else if (event.type === 'hint' && !this.#panel.isVisible)
      this.#notifications.hint(translate(this.#strings.phrases, event));
    else if (event.type === 'join-request') this.#notifications.request(!this.#isQuiet);
    else if (event.type === 'move-asked' && !this.#isQuiet)
      this.#notifications.move(translate(this.#strings.phrases, event));
    else if (event.type === 'settings') void this.#use(event.settings);
    else if (event.type === 'flash') {
      this.#flashes.show(event.flash, this.#strings);
      this.#panel.attract(event.flash !== null);
    } else if (event.type === 'message') {
      this.#lastSpeaker.spoke(event.message);
      this.#notifications.changed(event.message);
    } else if (event.type === 'message-gone') void this.#forget(event.id);
    else if (event.type === 'status') {
      // A status that was sent just before a request still counts none, so only a fall from some to none withdraws the notification.
      if (event.status.requests === 0 && this.#status.requests > 0) this.#notifications.request(false);
      if (!event.status.moveAsked && this.#status.moveAsked) this.#notifications.move(null);
      this.#tellCalls(event.status);
      this.#status = event.status;
    } else if (event.type === 'people') this.#takePeople(event.people);
    else if (event.type === 'groups') this.#groups = event.groups;
    else if (event.type === 'talk') this.#status = { ...this.#status, talking: event.talk };
    else return;
    this.#show();
  }

  #takePeople(people: readonly Person[]): void {
    this.#people = people;
    this.#notifications.mute(
      new Set(people.flatMap(({ id, mutedUntil }) => (mutedUntil === null ? [] : [id]))),
    );
  }

  /** Shows notifications for calls. The loudspeaker rings by itself. */
  #tellCalls(status: Status): void {
    const { rings, isOn, isRecorded, missed } = callNews(this.#status, status);
    if (isOn !== undefined) this.#notifications.isOn(isOn);
    if (isRecorded !== undefined) this.#notifications.isRecorded(isRecorded);
    if (rings === null || (rings && !this.#isQuiet)) this.#notifications.rings(rings);
    if (missed === null || (missed && !this.#isQuiet)) this.#notifications.missed(missed);
  }

  #show(): void {
    const [status, people, lastSpeaker] = [this.#status, this.#people, this.#lastSpeaker.message];
    this.#tray.show({ status, people, groups: this.#groups, lastSpeaker }, this.#strings);
    this.#notifications.quiet(this.#isQuiet);
  }

  get #isQuiet(): boolean {
    return this.#settings?.notifications === false || this.#status.presence === 'dnd';
  }

  async #forget(id: string): Promise<void> {
    if (await this.#lastSpeaker.forget(id)) this.#show();
  }

  /** Follows the settings: keys and notifications at once, the language as soon as its tables are loaded. */
  async #use(settings: Settings): Promise<void> {
    this.#settings = settings;
    this.#notifications.silence(settings.signals === 'flash');
    this.#commands.talking.latches = settings.latch;
    this.#keys.use(settings);
    const strings = await loadStrings(settings.language, app.getLocale());
    // Other settings came while these strings were loading, and load their own.
    if (this.#settings !== settings) return;
    this.#strings = strings;
    this.#show();
  }

  /** A notification tells the person why a command from the tray or a key failed: no window may be open. */
  #fail(error: unknown): void {
    const { error: sentence, phrase } = refusalOf(error);
    this.#log(sentence);
    this.#notifications.notify(translate(this.#strings.phrases, { sentence, phrase }));
  }

  #panelCrashed(reason: string, gaveUp: boolean): void {
    const text = gaveUp ? PANEL_GAVE_UP : PANEL_LOADED;
    this.#requests.reset();
    this.#log(`${text.sentence} (${reason})`);
    // A person who held a button in the panel cannot release it any more. Ending a talk by the talk key, too, is better than an open
    // microphone.
    this.#commands.talking.stop();
    this.#api.setTrouble('panel', text);
    setTimeout(() => this.#api.setTrouble('panel', undefined), TROUBLE_SHOWN_MS).unref();
    if (gaveUp) this.#notifications.notify(translate(this.#strings.phrases, text));
  }
}
