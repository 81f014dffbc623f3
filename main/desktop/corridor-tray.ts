import { Menu, Tray, type NativeImage } from 'electron';
import type { Person, Status } from '../../preload/api.ts';
import { trayState, trayTooltip } from './tray-icon.ts';
import { trayImage } from './tray-image.ts';
import { trayMenu, type TrayActions } from './tray-menu.ts';

/** In points, as the system's trays want it. */
const ICON_POINTS = process.platform === 'linux' ? 22 : 16;

/** The icon in the tray and its menu, changed only when what they say changes. */
export class CorridorTray {
  readonly #actions: TrayActions;
  #tray: Tray | null = null;
  #shownIcon = '';
  #shownMenu = '';

  constructor(actions: TrayActions) {
    this.#actions = actions;
  }

  show(status: Status, people: readonly Person[]): void {
    const state = trayState(status, people);
    const icon = JSON.stringify(state);
    if (icon !== this.#shownIcon) {
      const image = trayImage(state, ICON_POINTS);
      if (this.#tray) this.#tray.setImage(image);
      else this.#tray = this.#create(image);
      this.#tray.setToolTip(trayTooltip(state));
      this.#shownIcon = icon;
    }
    const template = trayMenu(status, people, this.#actions);
    const menu = JSON.stringify(template);
    if (menu === this.#shownMenu) return;
    // Linux shows a changed menu only when it is set again.
    this.#tray?.setContextMenu(Menu.buildFromTemplate(template));
    this.#shownMenu = menu;
  }

  destroy(): void {
    this.#tray?.destroy();
    this.#tray = null;
  }

  #create(image: NativeImage): Tray {
    const tray = new Tray(image);
    tray.on('click', () => this.#actions.open());
    return tray;
  }
}
