import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt, lookInGerman, messageRows } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const LONG_MS = 30_000;

/** Ana has a panel; Bo is available, Kim does not want to be disturbed. */
describe('pages, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('pages');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let colleagues: readonly Headless[];
  let page: Page;

  before(async () => {
    ({ ana, colleagues } = await openOffice(started, dir, [
      ['Bo Li', '104'],
      ['Kim Castellanos-Wetherby', '3071'],
    ]));
    page = ana.page;
    await colleagues[1]!.api.call('setPresence', { presence: 'dnd' });
    await eventually(async () => {
      const people = await ana.api.call('people');
      return people.map(({ presence }) => presence).join() === 'available,dnd';
    }, 'one is available, and one does not want to be disturbed');
    await eventually(async () => {
      const all = await Promise.all([ana, ...colleagues].map(({ api }) => api.call('status')));
      return all[0]?.switch != null && all.every((one) => one.switch?.id === all[0]?.switch?.id);
    }, 'everybody follows one switch');
  });
  after(() => stopAll(started));

  test('the talk bar says whom the page is for, and counts who hears it and who does not', async () => {
    await page.getByRole('button', { name: en.pageButton, pressed: false }).waitFor();
    const wrong = await lookAt(page, 'page-button');
    const { id } = await ana.api.call('talkRecording', { page: {}, wavBase64: toneWav(LONG_MS) });
    await page.getByText(en.pageToAll).waitFor();
    await page.getByRole('button', { name: en.pageButton, pressed: true }).waitFor();
    let seen = '';
    await eventually(
      async () => {
        const { talking } = await ana.api.call('status');
        seen = (talking?.recipients ?? []).map(({ state }) => state).join();
        return seen === 'hearing,missed';
      },
      () => `one hears it and one does not: ${seen}; ${colleagues.map((one) => one.output()).join('; ')}`,
    );
    await page.getByText(en.recipientMissed.dnd).waitFor();
    await page.getByText(en.recipient.hearing).waitFor();
    wrong.push(...(await lookAt(page, 'page-talk')));
    wrong.push(...(await lookInGerman(ana, 'german-page-talk')));
    await ana.api.call('talkRelease');
    await page.getByText('Heard by 1 of 2, 1 did not hear it').first().waitFor();
    assert.equal(await messageRows(page).filter({ hasText: en.pageToAll }).count(), 1);
    wrong.push(...(await lookAt(page, 'page-after')));
    const message = (await ana.api.call('messages')).find((one) => one.id === id);
    assert.equal(message?.storedOn, 0);
    assert.deepEqual(wrong, []);
  });

  test('the button pages while it is held', async () => {
    const pages = button(page, en.pageButton);
    const { microphone } = await ana.api.call('status');
    await pages.hover();
    await page.mouse.down();
    if (microphone.state === 'missing' || microphone.state === 'failed')
      await page.getByRole('alert').first().waitFor();
    else await page.getByText(en.pageToAll).first().waitFor();
    await page.mouse.up();
    await eventually(async () => (await ana.api.call('status')).talking === null, 'it ends');
  });

  test('whose page sounds is shown, and a click ends listening', async () => {
    const [bo] = colleagues as [Headless, Headless];
    await bo.api.call('talkRecording', { dial: '0', wavBase64: toneWav(LONG_MS) });
    await page.getByText(en.pageFromToAll('Bo Li')).waitFor();
    const wrong = await lookAt(page, 'page-heard');
    wrong.push(...(await lookInGerman(ana, 'german-page-heard')));
    await page.getByRole('button', { name: en.pageEnd }).click();
    await page.getByText(en.pageFromToAll('Bo Li')).waitFor({ state: 'hidden' });
    await bo.api.call('talkRelease');
    assert.deepEqual(wrong, []);
  });

  test('who may page urgently is asked before', async () => {
    const { people } = await ana.api.call('members');
    const person = people.find(({ extension }) => extension === '101')?.id ?? '';
    await ana.api.call('setRight', { person, right: 'override', isGiven: true });
    await page.getByRole('button', { name: en.pageUrgent, exact: true }).click();
    await page.getByRole('button', { name: en.pageUrgent, exact: true, pressed: true }).waitFor();
    const wrong = await lookAt(page, 'page-urgent');
    wrong.push(...(await lookInGerman(ana, 'german-page-urgent')));
    await button(page, en.pageButton).hover();
    await page.mouse.down();
    await page.getByRole('alertdialog', { name: en.urgentTitle }).waitFor();
    await page.mouse.up();
    wrong.push(...(await lookAt(page, 'page-urgent-asked')));
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
    assert.equal((await ana.api.call('status')).talking, null);
    assert.deepEqual(wrong, []);
  });
});
