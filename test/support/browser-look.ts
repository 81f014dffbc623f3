import type { Locator, Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { look } from './panel-look.ts';
import { readOut } from './screen-reader.ts';

/** Looks at a page in a browser of any size, and reads it out. Returns the faults. */
export async function lookAt(page: Page, name: string): Promise<string[]> {
  const wrong = await look(page, name, { resize: (size) => page.setViewportSize(size) });
  const { nameless } = await readOut(page);
  return [...wrong, ...nameless.map((what) => `${name}: has no name: ${what}`)];
}

/** The button with exactly this name, or with a name that matches the pattern. */
export function button(of: Page | Locator, name: string | RegExp): Locator {
  return of.getByRole('button', { name, exact: typeof name === 'string' });
}

/** The rows of the list of messages. `list`: its name in the panel's language. */
export function messageRows(page: Page, list: string = en.messages): Locator {
  return page.getByRole('list', { name: list }).getByRole('listitem');
}
