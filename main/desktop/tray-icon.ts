import { Menu, nativeImage, Tray } from 'electron';
import { drawIcon, type IconState } from './draw-icon.ts';
import { encodePng } from './encode-png.ts';
import type { Strings } from './strings.ts';
import { trayMenu, type TrayAction, type TrayFacts, type TrayItem } from './tray-menu.ts';
import { trayState } from './tray-state.ts';

/**
 * The icon's side in points, and its scales. Linux panels take one picture and scale it down, so it is as large as the largest panel
 * shows it.
 */
const SIZES: Readonly<Record<string, { readonly size: number; readonly scales: readonly number[] }>> = {
  darwin: { size: 18, scales: [1, 2, 3] },
  win32: { size: 16, scales: [1, 1.25, 1.5, 2, 2.5, 3] },
};
const LINUX = { size: 48, scales: [1, 2] };

/** The tray icon and its menu. The menu can open the panel, too: on some desktops a click on the icon does nothing. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #act: (action: TrayAction) => void;
  #shown = '';
  #menu = '';

  constructor(act: (action: TrayAction) => void) {
    this.#act = act;
    this.#tray = new Tray(image({ kind: 'idle' }));
    this.#tray.setToolTip('Corridor');
    this.#tray.on('click', () => act({ type: 'open' }));
  }

  /** Shows the current state. Leaves unchanged parts alone, so that nothing flickers and no open menu closes. */
  show(facts: TrayFacts, strings: Strings): void {
    const { icon, tooltip } = trayState(facts.status, facts.people, strings);
    const shown = JSON.stringify([icon, tooltip]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#tray.setImage(image(icon));
      this.#tray.setToolTip(tooltip);
    }
    const items = trayMenu(facts, strings);
    const menu = JSON.stringify(items);
    if (menu === this.#menu) return;
    this.#menu = menu;
    this.#tray.setContextMenu(Menu.buildFromTemplate(this.#template(items)));
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #template(items: readonly TrayItem[]): Electron.MenuItemConstructorOptions[] {
    return items.map((item) => {
      if (item.kind === 'line') return { type: 'separator' };
      // In a label a single ampersand marks the access key.
      const label = item.label.replace(/&/g, '&&');
      if (item.kind === 'menu')
        return { label, enabled: item.isEnabled, submenu: this.#template(item.items) };
      return {
        label,
        enabled: item.isEnabled,
        click: () => this.#act(item.action),
        ...(item.isChosen === undefined ? {} : { type: 'radio' as const, checked: item.isChosen }),
      };
    });
  }
}

const images = new Map<string, Electron.NativeImage>();

/** On macOS a template image, which the system colours for light and dark menu bars. */
function image(icon: IconState): Electron.NativeImage {
  const key = JSON.stringify(icon);
  const known = images.get(key);
  if (known) return known;
  const isTemplate = process.platform === 'darwin';
  const { size, scales } = SIZES[process.platform] ?? LINUX;
  const picture = nativeImage.createEmpty();
  for (const scaleFactor of scales) {
    const pixels = Math.round(size * scaleFactor);
    picture.addRepresentation({
      scaleFactor,
      width: pixels,
      height: pixels,
      buffer: encodePng(drawIcon(pixels, icon, isTemplate), pixels),
    });
  }
  picture.setTemplateImage(isTemplate);
  images.set(key, picture);
  return picture;
}
