import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { ANA_ALONE, DesktopApp, type AppOptions } from './desktop-app.ts';
import { electron } from './two-desktops.ts';

/** How long a page is waited for, ms. Only a failing test waits this long. */
const PATIENCE_MS = 20_000;

/** One desktop app with its panel open: Ana (101), alone in a new office, unless `args` say otherwise. */
export class OpenPanel {
  readonly dir = tempFolder('panel');
  #app: DesktopApp | undefined;

  async start(
    options: Partial<Pick<AppOptions, 'args' | 'env'>> = {},
  ): Promise<{ readonly app: DesktopApp; readonly page: Page }> {
    const dir = join(this.dir, 'app');
    const app = await DesktopApp.start({ electron: electron.path, dir, args: ANA_ALONE, ...options });
    this.#app = app;
    return { app, page: await openPanel(app) };
  }

  async stop(): Promise<void> {
    await this.#app?.stop();
  }
}

/** Shows the panel as macOS asks for it (`activate`), also where it was hidden. Resolves with its page once it is on the screen. */
export async function openPanel(app: DesktopApp): Promise<Page> {
  const [known] = app.inside.windows();
  const opened = known ?? app.inside.waitForEvent('window', { timeout: PATIENCE_MS });
  await app.inside.evaluate(({ app: inside }) => void inside.emit('activate'));
  const page = await opened;
  page.setDefaultTimeout(PATIENCE_MS);
  await page.waitForLoadState();
  await eventually(async () => (await app.visibleWindows()) === 1, 'the panel is on the screen');
  return page;
}

/** Gives the panel this size, and waits until its page has it. */
export async function resizePanel(
  app: DesktopApp,
  page: Page,
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  await app.inside.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, size);
  await eventually(
    () => page.evaluate(({ width }) => innerWidth === width, size),
    `the panel is ${size.width} pixels wide`,
  );
}
