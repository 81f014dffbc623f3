import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt, messageRows } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const KIM = 'Kim Castellanos-Wetherby';

/** Ana has a panel; Bo, Kim and Nour have nodes. */
describe('diverts, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('divert');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let colleagues: readonly Headless[];
  let page: Page;

  before(async () => {
    ({ ana, colleagues } = await openOffice(started, dir, [
      ['Bo Li', '104'],
      [KIM, '3071'],
      ['Nour Haddad', '106'],
    ]));
    page = ana.page;
  });
  after(() => stopAll(started));

  const menu = () => button(page, /^Presence: /);

  test('the presence menu diverts to a colleague, says so, and ends it', async () => {
    await menu().click();
    await page.getByRole('menuitem', { name: en.divertAsk }).click();
    await page.getByRole('combobox', { name: en.divertWhom }).fill('kim');
    await page.keyboard.press('Enter');
    const wrong = await lookAt(page, 'divert-dialog');
    await button(page, en.divertTo(KIM, '3071')).click();
    await page.getByText(en.divertedAnd(KIM, en.presence.available)).waitFor();
    assert.equal((await ana.api.call('status')).divert?.extension, '3071');
    await menu().click();
    await page.getByRole('menuitem', { name: en.divertEnd }).waitFor();
    wrong.push(...(await lookAt(page, 'divert-menu')));
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByRole('menuitem', { name: de.divertEnd }).waitFor();
    wrong.push(...(await lookAt(page, 'german-divert-menu')));
    await ana.api.call('setSettings', { language: null });
    await page.getByRole('menuitem', { name: en.divertEnd }).click();
    await eventually(async () => (await ana.api.call('status')).divert === null, 'the divert ended');
    assert.deepEqual(wrong, []);
  });

  test('who talks to somebody who diverts sees to whom: in the list, before the talk, and in it', async () => {
    const [bo] = colleagues as [Headless];
    await bo.api.call('dial', { dial: '*723071' });
    await eventually(
      async () => (await ana.api.call('people')).some(({ divertedTo }) => divertedTo?.name === KIM),
      'Ana sees it',
    );
    await button(page, /^Bo Li/).click();
    await page.getByText(en.webHoldFor(`Bo Li → ${KIM}`, '104')).waitFor();
    const wrong = await lookAt(page, 'divert-chosen');
    await ana.api.call('talkRecording', { dial: '104', wavBase64: toneWav(20_000) });
    await page.getByText(en.talkingTo(`Bo Li → ${KIM}`)).waitFor();
    await page.getByText(en.recipient.hearing).waitFor();
    wrong.push(...(await lookAt(page, 'divert-talking')));
    await ana.api.call('talkRelease');
    assert.deepEqual(wrong, []);
  });

  test('who stands in for somebody reads for whom a message was', async () => {
    const [bo, , nour] = colleagues as [Headless, Headless, Headless];
    const { node } = await ana.api.call('status');
    await bo.api.call('setDivert', { person: node?.id ?? '' });
    await eventually(
      async () => (await nour.api.call('people')).some(({ divertedTo }) => divertedTo?.name === 'Ana Lind'),
      'Nour sees it',
    );
    await nour.api.call('talkRecording', { dial: '104', wavBase64: toneWav(1_000) });
    await messageRows(page)
      .filter({ hasText: en.meantFor('Bo Li') })
      .waitFor();
    await page.getByText(`→ ${en.divertedYou}`).waitFor();
    assert.deepEqual(await lookAt(page, 'divert-meant-for'), []);
  });
});
