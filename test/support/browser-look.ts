import type { Locator, Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import type { BrowserPanel } from './browser-panel.ts';
import { look } from './panel-look.ts';
import { readOut } from './screen-reader.ts';

/** Looks at a page in a browser of any size, scrolled to an element, and reads it out. Returns the faults. */
export async function lookAt(page: Page, name: string, at?: Locator): Promise<string[]> {
  const wrong = await look(page, name, {
    resize: async (size) => {
      await page.setViewportSize(size);
      await at?.scrollIntoViewIfNeeded();
    },
  });
  const { nameless } = await readOut(page);
  return [...wrong, ...nameless.map((what) => `${name}: has no name: ${what}`)];
}

/** Looks at a panel in German, and makes it English again. Returns the faults. */
export async function lookInGerman({ api, page }: BrowserPanel, name: string): Promise<string[]> {
  await api.call('setSettings', { language: 'de' });
  await button(page, de.pageButton).waitFor();
  const wrong = await lookAt(page, name);
  await api.call('setSettings', { language: null });
  await button(page, en.pageButton).waitFor();
  return wrong;
}

/** The button with exactly this name, or with a name that matches the pattern. */
export function button(of: Page | Locator, name: string | RegExp): Locator {
  return of.getByRole('button', { name, exact: typeof name === 'string' });
}

/** The rows of the list of messages. `list`: its name in the panel's language. */
export function messageRows(page: Page, list: string = en.messages): Locator {
  return page.getByRole('list', { name: list }).getByRole('listitem');
}
