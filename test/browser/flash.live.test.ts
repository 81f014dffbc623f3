import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { flash as german } from '../../i18n/de/shared.ts';
import { panel as de } from '../../i18n/de/panel.ts';
import { flash as texts } from '../../i18n/en/shared.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingBrowser() ?? false;
const KIM = 'Kim Castellanos-Wetherby';

/** Ana has a panel in a browser; Kim has a node. */
describe('flashes in the panel of a browser', { skip, timeout: 240_000 }, () => {
  const started: Started[] = [];
  let ana: BrowserPanel;
  let kim: Headless;
  let page: Page;

  before(async () => {
    let colleagues: readonly Headless[];
    ({ ana, colleagues } = await openOffice(started, tempFolder('flash'), [[KIM, '3071']]));
    [kim] = colleagues as [Headless];
    page = ana.page;
  });
  after(() => stopAll(started));

  test('a person chooses how they are called, and tries it', async () => {
    await page.setViewportSize(SIZES.wide);
    await button(page, en.settings).click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections.sound }).click();
    const choice = page.getByLabel(en.signals, { exact: true });
    const wrong = await lookAt(page, 'flash-settings', choice);
    await choice.selectOption('flash');
    await eventually(async () => (await ana.api.call('settings')).signals === 'flash', 'it is chosen');
    await button(page, en.signalsTry).click();
    const plate = page.getByText(texts.try('Ana Lind'));
    await plate.waitFor();
    await plate.waitFor({ state: 'hidden' });
    await ana.api.call('setSettings', { language: 'de' });
    const inGerman = page.getByLabel(de.signals, { exact: true });
    wrong.push(...(await lookAt(page, 'german-flash-settings', inGerman)));
    await ana.api.call('setSettings', { language: null });
    await button(page, en.close).click();
    assert.deepEqual(wrong, []);
  });

  test('a call flashes as long as it rings; clicks reach what is below; less motion is a steady edge', async () => {
    await kim.api.call('startCall', { dial: '101' });
    await page.getByText(texts.calls(KIM), { exact: true }).waitFor();
    const animation = () =>
      page.locator('.edge').evaluate((edge) => getComputedStyle(edge).animationName !== 'none');
    assert.equal(await animation(), true);
    const wrong = await lookAt(page, 'flash-call');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    assert.equal(await animation(), false);
    await page.emulateMedia({ reducedMotion: null });
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(german.calls(KIM), { exact: true }).waitFor();
    wrong.push(...(await lookAt(page, 'german-flash-call')));
    await ana.api.call('setSettings', { language: null });
    await button(page, en.settings).click();
    await page.getByRole('navigation', { name: en.settings }).waitFor();
    await button(page, en.close).click();
    await kim.api.call('controlCall', { action: 'hang-up' });
    await page.locator('.edge').waitFor({ state: 'detached' });
    assert.deepEqual(wrong, []);
  });
});
