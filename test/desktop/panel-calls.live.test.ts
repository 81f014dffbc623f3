import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { wrongCalls } from '../support/wrong-arguments.ts';
import { ANA_ALONE, DesktopApp, eventually } from './desktop-app.ts';
import { electron, skip } from './two-desktops.ts';

/** What goes between the panel and the app over Electron's IPC, in the real renderer. */
describe('what the panel sends', { skip, timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-calls-'));
  let app: DesktopApp;
  let page: Page;

  before(async () => {
    app = await DesktopApp.start({
      electron: electron.path,
      dir,
      args: ANA_ALONE,
    });
    const opened = app.inside.waitForEvent('window');
    await app.inside.evaluate(({ app: inside }) => void inside.emit('activate'));
    page = await opened;
    page.setDefaultTimeout(8000);
    await page.getByText(en.nobodyTitle).waitFor();
  });
  after(async () => {
    await app?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('wrong arguments are refused with a sentence, each method and each field', async () => {
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

  test('no method is reached that is none of the API', async () => {
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

  test('what the panel itself sends is plain data: what it sets arrives', async () => {
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
    await eventually(async () => (await app.api.call('settings')).keepDays !== 90, 'how long was taken');
    assert.deepEqual(
      refusals.filter((text) => /clone|proxy/i.test(text)),
      [],
    );
  });
});
