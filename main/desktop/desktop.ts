import { app } from 'electron';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeEvent, Person, Status } from '../../preload/api.ts';
import { serveLocalSocket, type LocalSocket } from '../faces/index.ts';
import { startNode, type Intercom } from '../intercom/index.ts';
import type { DesktopArguments } from './arguments.ts';
import { CorridorTray } from './corridor-tray.ts';
import { serveIpc } from './ipc.ts';
import { Notifications } from './notifications.ts';
import { PanelWindow } from './panel-window.ts';
import { ShellApi } from './shell-api.ts';
import { strings } from './strings.ts';
import { TalkKey } from './talk-key.ts';

export interface DesktopOptions extends DesktopArguments {
  /** The folder of the bundles. */
  readonly dist: string;
  readonly log: (line: string) => void;
}

/** The node with a desktop around it: panel, tray, notifications and talk key, all over the one API. */
export class Desktop {
  readonly #node: Intercom;
  readonly #socket: LocalSocket;
  readonly #api: ShellApi;
  readonly #panel: PanelWindow;
  readonly #tray: CorridorTray;
  readonly #notifications: Notifications;
  readonly #key: TalkKey;
  #status: Status;
  #people: readonly Person[] = [];
  #closing: Promise<void> | undefined;

  private constructor(
    options: DesktopOptions,
    node: Intercom,
    api: ShellApi,
    socket: LocalSocket,
    status: Status,
  ) {
    const { profile, dist, log } = options;
    this.#node = node;
    this.#socket = socket;
    this.#api = api;
    this.#status = status;
    const folder = join(profile, 'desktop');
    this.#panel = new PanelWindow({ folder, dist, log, lost: () => this.#panelLost() });
    this.#notifications = new Notifications((which) => this.#play(which));
    this.#tray = new CorridorTray({
      playNext: () => this.#play('next'),
      stopPlaying: () => this.#ask(strings.cannotPlay, api.call('playback', { action: 'stop' })),
      talkTo: (dial) => this.#ask(strings.cannotTalk, api.call('talkPress', { dial })),
      stopTalking: () => this.#release(),
      setPresence: (presence) => this.#ask(strings.presence, api.call('setPresence', { presence })),
      open: () => this.open(),
      quit: () => app.quit(),
    });
    this.#key = new TalkKey({
      press: () => this.#ask(strings.cannotTalk, api.call('talkPress', {})),
      release: () => this.#release(),
      trouble: (sentence) => void api.trouble('talk-key', sentence),
    });
  }

  /** Starts the node of the profile and everything around it. Errors are CorridorErrors whose sentence says what to do. */
  static async start(options: DesktopOptions): Promise<Desktop> {
    const { profile, dist, log } = options;
    mkdirSync(join(profile, 'desktop'), { recursive: true, mode: 0o700 });
    let ready: (api: ShellApi) => void = () => undefined;
    const served = new Promise<ShellApi>((resolve) => (ready = resolve));
    // The socket first: where a node without a desktop has the profile, nothing in it is touched.
    const socket = await serveLocalSocket({ profile, api: served, log });
    const node = await startNode({
      profile,
      workerPath: join(dist, 'worker.cjs'),
      addresses: options.addresses,
      log,
      ...(options.interfaces.length > 0 ? { interfaces: options.interfaces } : {}),
    }).catch(async (error: unknown) => {
      await socket.close();
      throw error;
    });
    const api = new ShellApi(node);
    const desktop = new Desktop(options, node, api, socket, await api.call('status'));
    await desktop.#begin(options);
    ready(api);
    return desktop;
  }

  open(): void {
    this.#panel.show();
  }

  /** Leaves in good order; the second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #begin({ log, hidden }: DesktopOptions): Promise<void> {
    this.#people = await this.#api.call('people');
    this.#tray.show(this.#status, this.#people);
    this.#api.onEvent((event) => this.#onEvent(event));
    serveIpc(this.#api, this.#panel, log);
    if (!hidden || this.#status.state === 'setup') this.open();
    await this.#key.start();
    this.#key.choose((await this.#api.call('settings')).talkKey);
  }

  async #close(): Promise<void> {
    this.#key.stop();
    this.#notifications.withdrawAll();
    await this.#socket.close();
    await this.#node.close();
    this.#tray.destroy();
  }

  #onEvent(event: NodeEvent): void {
    this.#notifications.onEvent(event);
    if (event.type === 'settings') this.#key.choose(event.settings.talkKey);
    else if (event.type === 'status') this.#status = event.status;
    else if (event.type === 'talk') this.#status = { ...this.#status, talking: event.talk };
    else if (event.type === 'playback') this.#status = { ...this.#status, playing: event.playback };
    else if (event.type === 'people') this.#people = event.people;
    else return;
    this.#tray.show(this.#status, this.#people);
  }

  #play(which: string): void {
    this.#ask(strings.cannotPlay, this.#api.call('play', { which }));
  }

  #release(): void {
    this.#ask(strings.cannotTalk, this.#api.call('talkRelease'));
  }

  /** A renderer that dies takes its key-up with it. */
  #panelLost(): void {
    if (this.#status.talking) this.#release();
    void this.#api.trouble('panel', strings.panelCrashed);
    setTimeout(() => void this.#api.trouble('panel', null), 10_000);
  }

  /** What was asked for by key, tray or click, where no panel would show why it was refused. */
  #ask(title: string, call: Promise<unknown>): void {
    call.catch((error: Error) => this.#notifications.say(title, error.message));
  }
}
