import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { look } from '../support/panel-look.ts';
import type { DesktopApp } from './desktop-app.ts';
import { OpenPanel, resizePanel } from './open-panel.ts';
import { skip } from './two-desktops.ts';

const NO_MICROPHONE = 'Dieser Computer hat kein Mikrofon. Schließ eines an.';
const NO_SPEAKER = 'Dieser Computer hat keinen Lautsprecher. Schließ einen an.';
/** Words of which every English sentence of the node has one, and no German sentence. */
const ENGLISH = /\b(the|this|you|your|is|are|of|and|there|choose|another)\b/i;

const WARM = ['--interface', '127.0.0.1', '--office', 'new', '--name', 'Dana', '--extension', '101'];

/** On a computer without any sound device, so that the panel has troubles to show. */
describe('the panel in German', { skip, timeout: 90_000 }, () => {
  const panel = new OpenPanel();
  let app: DesktopApp;
  let page: Page;

  before(async () => {
    ({ app, page } = await panel.start({ args: WARM, env: { PULSE_SERVER: 'unix:/nonexistent' } }));
    await app.api.call('setSettings', { language: 'de', talkKey: 'F9', replyKey: null, latch: false });
    await page.getByRole('button', { name: de.settings }).waitFor();
  });
  after(() => panel.stop());

  const resize = (size: { width: number; height: number }) => resizePanel(app, page, size);
  const words = (): Promise<string> => page.locator('#panel').innerText();

  test('the panel reports a missing microphone in German, the API in English', async () => {
    await page.getByText(NO_MICROPHONE).waitFor();
    await page.getByText(NO_SPEAKER).waitFor();
    const { microphone } = await app.api.call('status');
    assert.equal(microphone.sentence, 'This computer has no microphone. Plug one in.');
    assert.deepEqual(microphone.phrase, {
      code: 'device-missing',
      details: { kind: 'microphone', device: null },
    });
  });

  test('the panel reports an unknown extension in German, and a refusal of the API has its phrase', async () => {
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

  test('no section of the settings has an English sentence', async () => {
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
