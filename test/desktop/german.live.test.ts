import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { look } from '../support/panel-look.ts';
import { DesktopApp, eventually } from './desktop-app.ts';
import { electron, skip } from './two-desktops.ts';

const NO_MICROPHONE = 'Dieser Computer hat kein Mikrofon. Schließ eines an.';
const NO_SPEAKER = 'Dieser Computer hat keinen Lautsprecher. Schließ einen an.';
/** Words that stand in every English sentence of the node, and in no German one. */
const ENGLISH = /\b(the|this|you|your|is|are|of|and|there|choose|another)\b/i;

/** A computer without any sound device: there is much to be said. */
describe('a desktop that speaks German', { skip, timeout: 90_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-german-'));
  let app: DesktopApp;
  let page: Page;

  before(async () => {
    app = await DesktopApp.start({
      electron: electron.path,
      dir,
      args: ['--interface', '127.0.0.1', '--office', 'new', '--name', 'Dana', '--extension', '101'],
      env: { PULSE_SERVER: 'unix:/nonexistent' },
    });
    await app.api.call('setSettings', { language: 'de', talkKey: 'F9', replyKey: null, latch: false });
    await app.inside.evaluate(({ app: electronApp }) => electronApp.emit('activate'));
    page = await app.inside.firstWindow();
    page.setDefaultTimeout(8000);
    await page.getByRole('button', { name: de.settings }).waitFor();
  });
  after(async () => {
    await app?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const resize = async (size: { width: number; height: number }): Promise<void> => {
    await app.inside.evaluate(({ BrowserWindow }, { width, height }) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
    }, size);
    await eventually(() => page.evaluate((width) => innerWidth === width, size.width), 'the size is there');
  };
  const words = (): Promise<string> => page.locator('#panel').innerText();

  test('a missing microphone is said in German, and in English to the command line', async () => {
    await page.getByText(NO_MICROPHONE).waitFor();
    await page.getByText(NO_SPEAKER).waitFor();
    const { microphone } = await app.api.call('status');
    assert.equal(microphone.sentence, 'This computer has no microphone. Plug one in.');
    assert.deepEqual(microphone.phrase, {
      code: 'device-missing',
      details: { kind: 'microphone', device: null },
    });
  });

  test('a number that nobody has, and what the node refuses, is said in German', async () => {
    const find = page.getByLabel(de.findLabel);
    await find.fill('999');
    const nobody = 'Die Durchwahl 999 hat niemand. Sieh in der Liste der Personen nach.';
    await page.getByText(nobody).first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(nobody).waitFor();
    assert.deepEqual(await look(page, 'german-nobody', { resize }), []);
    await find.fill('');
    await page.getByRole('alert').getByRole('button', { name: de.dismiss }).click();
    const refused = await page.evaluate(() =>
      window.corridor?.call('talkPress', { dial: '101' }).catch((error: unknown) => error),
    );
    assert.deepEqual(refused, {
      code: 'yourself',
      message: '101 is your own extension.',
      phrase: { code: 'yourself', details: { extension: '101' } },
    });
  });

  test('sound, health and every other setting speak no English', async () => {
    await page.getByRole('button', { name: de.settings }).click();
    const all = page.getByRole('button', { name: de.settingsBack });
    for (const section of ['sound', 'keys', 'office', 'storage', 'health'] as const) {
      if (await all.isVisible()) await all.click();
      const sections = page.getByRole('navigation', { name: de.settings });
      await sections.getByRole('button', { name: de.sections[section] }).click();
      if (section === 'health') await page.getByText('Dieser Computer vermittelt.').waitFor();
      if (section === 'sound' || section === 'health') {
        assert.deepEqual(await look(page, `german-${section}`, { resize }), []);
      }
      assert.doesNotMatch(await words(), ENGLISH, section);
    }
  });
});
