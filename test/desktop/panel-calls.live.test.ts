import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { eventually } from '../support/eventually.ts';
import { wrongCalls } from '../support/wrong-arguments.ts';
import type { DesktopApp } from './desktop-app.ts';
import { OpenPanel } from './open-panel.ts';
import { skip } from './two-desktops.ts';

/** In the real renderer, over Electron's IPC. */
describe('the panel’s calls of the API', { skip, timeout: 60_000 }, () => {
  const panel = new OpenPanel();
  let app: DesktopApp;
  let page: Page;

  before(async () => {
    ({ app, page } = await panel.start());
    await page.getByText(en.nobodyTitle).waitFor();
  });
  after(() => panel.stop());

  test('each method refuses wrong arguments in each field with a sentence', async () => {
    const calls = wrongCalls();
    const before = await app.api.call('settings');
    const taken = await page.evaluate(async (wrong) => {
      const found: string[] = [];
      for (const { method, args, what } of wrong) {
        try {
          await window.corridor?.call(method, args as never);
          found.push(`${method}, ${what}: taken`);
        } catch (error) {
          const { message: sentence } = error as { readonly message: string };
          if (sentence === '' || sentence.length > 1000) found.push(`${method}, ${what}: ${sentence.length}`);
        }
      }
      return found;
    }, calls);
    assert.deepEqual(taken, []);
    assert.deepEqual(await app.api.call('settings'), before);
  });

  test('a call reaches no method outside the API', async () => {
    const taken = await page.evaluate(async () => {
      const found: string[] = [];
      for (const method of [
        '__proto__',
        'constructor',
        'toString',
        'close',
        '',
        'status ',
        null,
        5,
        {},
        ['status'],
      ]) {
        await window.corridor?.call(method as 'status').then(
          () => found.push(JSON.stringify(method)),
          () => undefined,
        );
      }
      return found;
    });
    assert.deepEqual(taken, []);
  });

  test('the panel sends plain data: each setting that a person changes arrives', async () => {
    const refusals: string[] = [];
    page.on('console', (message) => refusals.push(message.text()));
    page.on('pageerror', (error) => refusals.push(String(error)));
    await page.getByRole('button', { name: en.settings }).click();
    const all = page.getByRole('button', { name: en.settingsBack });
    const open = async (name: string): Promise<void> => {
      if (await all.isVisible()) await all.click();
      await page.getByRole('navigation', { name: en.settings }).getByRole('button', { name }).click();
    };
    await open(en.sections.sound);
    await page.getByRole('switch', { name: en.tones }).uncheck();
    await eventually(async () => !(await app.api.call('settings')).tones, 'tones are off');
    await open(en.sections.keys);
    await page.getByRole('switch', { name: en.latch }).check();
    await eventually(async () => (await app.api.call('settings')).latch, 'keys latch');
    await open(en.sections.storage);
    await page.getByLabel(en.keepDays).selectOption({ index: 0 });
    await eventually(async () => (await app.api.call('settings')).keepDays !== 90, 'another time is kept');
    assert.deepEqual(
      refusals.filter((text) => /clone|proxy/i.test(text)),
      [],
    );
  });
});
