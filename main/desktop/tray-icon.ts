import { Menu, nativeImage, Tray } from 'electron';
import type { Person, PresenceChoice, Status } from '../../preload/api.ts';
import { drawIcon, type IconState } from './draw-icon.ts';
import { encodePng } from './encode-png.ts';
import { trayState } from './tray-state.ts';

const SIZE = process.platform === 'darwin' ? 18 : process.platform === 'win32' ? 16 : 24;
const PRESENCES: readonly (readonly [PresenceChoice, string])[] = [
  ['available', 'Available'],
  ['busy', 'Busy'],
  ['dnd', 'Do not disturb'],
  ['away', 'Away'],
];

export interface TrayActions {
  open(): void;
  quit(): void;
  play(): void;
  talk(extension: string): void;
  stopTalking(): void;
  setPresence(presence: PresenceChoice): void;
}

/** The icon beside the clock, and its menu: everything in it works where a click on the icon does nothing. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #actions: TrayActions;
  #shown = '';
  #menu = '';

  constructor(actions: TrayActions) {
    this.#actions = actions;
    this.#tray = new Tray(image({ kind: 'idle' }));
    this.#tray.setToolTip('Corridor');
    this.#tray.on('click', () => actions.open());
  }

  show(status: Status, people: readonly Person[]): void {
    const { icon, tooltip } = trayState(status, people);
    const shown = JSON.stringify([icon, tooltip]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#tray.setImage(image(icon));
      this.#tray.setToolTip(tooltip);
    }
    // A menu that is set anew closes under the hand: only where it changes.
    const facts = [status.state, status.unheard > 0, status.presence, status.talking?.to, people.map(facets)];
    const menu = JSON.stringify(facts);
    if (menu === this.#menu) return;
    this.#menu = menu;
    this.#tray.setContextMenu(Menu.buildFromTemplate(this.#template(status, people)));
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #template(status: Status, people: readonly Person[]): Electron.MenuItemConstructorOptions[] {
    const actions = this.#actions;
    const isRunning = status.state === 'running';
    const talkTo: Electron.MenuItemConstructorOptions = status.talking
      ? { label: 'Stop talking', click: () => actions.stopTalking() }
      : {
          label: 'Talk to',
          enabled: isRunning && people.length > 0,
          submenu: people.map(({ name, extension, presence }) => ({
            label: `${name} · ${extension}${presence === 'available' ? '' : ` (${presence === 'dnd' ? 'do not disturb' : presence})`}`,
            click: () => actions.talk(extension),
          })),
        };
    return [
      { label: 'Play unheard', enabled: status.unheard > 0, click: () => actions.play() },
      talkTo,
      {
        label: 'Presence',
        enabled: isRunning,
        submenu: PRESENCES.map(([presence, label]) => ({
          label,
          type: 'radio',
          checked: status.presence === presence,
          click: () => actions.setPresence(presence),
        })),
      },
      { type: 'separator' },
      { label: 'Open Corridor', click: () => actions.open() },
      { label: 'Quit', click: () => actions.quit() },
    ];
  }
}

function facets({ name, extension, presence }: Person): readonly string[] {
  return [name, extension, presence];
}

function image(icon: IconState): Electron.NativeImage {
  const picture = nativeImage.createEmpty();
  for (const scaleFactor of [1, 2]) {
    const size = SIZE * scaleFactor;
    picture.addRepresentation({
      scaleFactor,
      width: size,
      height: size,
      buffer: encodePng(drawIcon(size, icon), size),
    });
  }
  return picture;
}
