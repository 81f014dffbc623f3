import type { Locator, Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { look } from './panel-look.ts';
import { readOut } from './screen-reader.ts';

/** Looks at a page of a browser, whose window takes any size, and reads it out. Returns what is wrong there. */
export async function lookAt(page: Page, name: string): Promise<string[]> {
  const wrong = await look(page, name, { resize: (size) => page.setViewportSize(size) });
  const { nameless } = await readOut(page);
  return [...wrong, ...nameless.map((what) => `${name}: has no name: ${what}`)];
}

/** The rows of the list of messages, as the panel's language names it. */
export function messageRows(page: Page, list: string = en.messages): Locator {
  return page.getByRole('list', { name: list }).getByRole('listitem');
}
