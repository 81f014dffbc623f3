import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt, messageRows } from '../support/browser-look.ts';
import { asPerson, missingBrowser, openQuietPanel, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, untilAllSeeAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { story } from '../support/story.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const LONG_MS = 20_000;

/** Ana, who founded the office, and Nour have panels; Bo and Kim have nodes. */
describe('groups, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('groups');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let colleagues: readonly Headless[];
  let nour: BrowserPanel;
  let page: Page;

  before(async () => {
    ({ ana, colleagues } = await openOffice(started, dir, [
      ['Bo Li', '104'],
      ['Kim Castellanos-Wetherby', '3071'],
    ]));
    page = ana.page;
    const { link } = await ana.api.call('joinLink');
    nour = await openQuietPanel(dir, 'nour', asPerson('Nour Haddad', '106', link));
    started.push(nour);
    await untilAllSeeAll(started);
  });
  after(() => stopAll(started));

  const groups = () => ana.api.call('groups');
  const row = (name: string) =>
    page.getByRole('list', { name: en.people }).getByRole('listitem').filter({ hasText: name });

  const step = story('a group from its first day to its last');

  step('a group is made in a dialog, with a free number and the people who are ticked', async () => {
    await button(page, en.groupNew).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(en.groupMe('Ana Lind')).waitFor();
    const number = dialog.getByLabel(en.groupNumber);
    await eventually(async () => (await number.inputValue()) === '600', 'a free number is filled in');
    await dialog.getByLabel(en.groupName).fill('Sales');
    for (const name of ['Bo Li', 'Kim Castellanos-Wetherby']) await dialog.getByLabel(name).check();
    const wrong = await lookAt(page, 'group-new');
    await ana.api.call('setSettings', { language: 'de' });
    await dialog.getByText(de.groupLead).waitFor();
    wrong.push(...(await lookAt(page, 'german-group-new')));
    await ana.api.call('setSettings', { language: null });
    await button(dialog, en.groupMake).click();
    await dialog.waitFor({ state: 'hidden' });
    await eventually(async () => (await groups())[0]?.people.length === 3, 'the group is there');
    await row('Sales').getByText(en.groupState(2, 2)).waitFor();
    assert.deepEqual(wrong, []);
  });

  step(
    'it is chosen by a click, and the bar says so; held, it is talked to, and each state is counted',
    async () => {
      await button(page, /^Sales/).click();
      await eventually(
        async () => (await ana.api.call('status')).talkTo?.extension === '600',
        'it is chosen',
      );
      await page.getByText(en.webHoldFor('Sales', '600')).waitFor();
      await row('Sales').hover();
      const wrong = await lookAt(page, 'group-chosen');
      await ana.api.call('setSettings', { language: 'de' });
      await page.getByText(de.webHoldFor('Sales', '600')).waitFor();
      wrong.push(...(await lookAt(page, 'german-group-chosen')));
      await ana.api.call('setSettings', { language: null });
      await colleagues[1]!.api.call('setPresence', { presence: 'dnd' });
      const { id } = await ana.api.call('talkRecording', { dial: '600', wavBase64: toneWav(LONG_MS) });
      await page.getByText(en.talkingTo('Sales')).waitFor();
      await page.getByText('hears you now').waitFor();
      wrong.push(...(await lookAt(page, 'group-talk')));
      await ana.api.call('talkRelease');
      await colleagues[1]!.api.call('setPresence', { presence: 'available' });
      await eventually(
        async () => (await ana.api.call('messages')).find((one) => one.id === id)?.live === false,
        'the talk ends',
      );
      await messageRows(page)
        .filter({ hasText: en.to('Sales') })
        .waitFor();
      assert.deepEqual(wrong, []);
    },
  );

  step('a message by a group says so, and the answer to all is named by it', async () => {
    await colleagues[0]!.api.call('talkRecording', { dial: '600', wavBase64: toneWav(1_000) });
    const came = messageRows(page).filter({ hasText: en.toGroup('Bo Li', 'Sales') });
    await came.hover();
    await button(came, en.replyAll('Bo Li', 'Sales')).waitFor();
    await page.getByText(/^Reply to Bo Li/).waitFor();
    assert.deepEqual(await lookAt(page, 'group-message'), []);
  });

  step('it is changed in the same dialog, and deleted after a question', async () => {
    await row('Sales').hover();
    await button(page, en.groupChange('Sales')).click();
    const dialog = page.getByRole('dialog', { name: en.groupChange('Sales') });
    await dialog.getByLabel('Kim Castellanos-Wetherby').uncheck();
    await dialog.getByLabel('Nour Haddad').check();
    await dialog.getByLabel(en.groupName).fill('Sales North');
    await dialog.getByLabel(en.groupNumber).fill('104');
    await button(dialog, en.groupSave).click();
    await dialog.getByText(/Extension 104 belongs to Bo Li already\. 601 is free\./).waitFor();
    const wrong = await lookAt(page, 'group-change');
    await dialog.getByLabel(en.groupNumber).fill('610');
    await button(dialog, en.groupSave).click();
    await dialog.waitFor({ state: 'hidden' });
    await eventually(async () => {
      const [group] = await groups();
      return group?.name === 'Sales North' && group.extension === '610' && group.people.length === 3;
    }, 'it is changed');
    await row('Sales North').hover();
    await button(page, en.groupChange('Sales North')).click();
    await button(page, en.groupDelete).click();
    const question = page.getByRole('alertdialog');
    await question.getByText(en.groupDeleteText('610')).waitFor();
    wrong.push(...(await lookAt(page, 'group-delete')));
    await button(question, en.groupDeleteDo).click();
    await eventually(async () => (await groups()).length === 0, 'it is gone');
    await row('Sales North').waitFor({ state: 'detached' });
    assert.deepEqual(wrong, []);
  });

  test('who may not change a group sees who is in it, and leaves it', async () => {
    const { people } = await ana.api.call('members');
    await ana.api.call('makeGroup', { name: 'Night shift', people: people.map(({ id }) => id) });
    const theirs = nour.page;
    await theirs.getByRole('listitem').filter({ hasText: 'Night shift' }).hover();
    await button(theirs, en.groupAbout('Night shift')).click();
    const dialog = theirs.getByRole('dialog', { name: 'Night shift' });
    await dialog.getByText(en.groupByCreator).waitFor();
    await dialog.getByText(en.groupMe('Nour Haddad')).waitFor();
    assert.deepEqual(await lookAt(theirs, 'group-about'), []);
    await button(dialog, en.groupLeave).click();
    await dialog.waitFor({ state: 'hidden' });
    await eventually(
      async () => (await groups()).find(({ name }) => name === 'Night shift')?.people.length === 3,
      'Nour is in it no more',
    );
  });
});
