import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { systemVoices, Voices, WorkFolder } from '../../main/speech/index.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import type { MessageSummary } from '../../preload/api.ts';
import { button, lookAt, lookInGerman, messageRows } from '../support/browser-look.ts';
import { asPerson, BrowserPanel, missingBrowser } from '../support/browser-panel.ts';
import { NOT_HEARD } from '../support/calls.ts';
import { openOffice, startColleagues, stopAll, type Started } from '../support/colleagues.ts';
import { heardShare } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { saysNothing, type Headless } from '../support/headless.ts';
import { heardIn } from '../support/messages.ts';
import { missingSpeech } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingBrowser() ?? false;
const BO = 'Bo Li';
const KIM = 'Kim Castellanos-Wetherby';
const SALES = 'Sales';

/** Ana has a panel; Bo and Kim have nodes. */
describe('a page that is typed, in the panel', { skip, timeout: 360_000 }, () => {
  const dir = tempFolder('typed-pages');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let bo: Headless;
  let kim: Headless;
  let page: Page;

  before(async () => {
    const office = await openOffice(started, dir, [
      [BO, '104'],
      [KIM, '3071'],
    ]);
    ana = office.ana;
    [bo, kim] = office.colleagues as [Headless, Headless];
    page = ana.page;
  });
  after(() => stopAll(started));

  const field = (label: string) => page.getByRole('textbox', { name: label, exact: true });
  /** The message with this text at a colleague's, once it is there. */
  const readBy = async ({ api }: Headless, text: string): Promise<MessageSummary> => {
    let message: MessageSummary | undefined;
    await eventually(async () => {
      message = (await api.call('messages')).find(({ words }) => words?.text === text);
      return message !== undefined;
    }, `${text} can be read`);
    return message!;
  };

  test('to whom the talk key reaches, by the keyboard alone, is heard at once, and read', async () => {
    await ana.api.call('dial', { dial: '104' });
    await button(page, en.typeInstead).press('Enter');
    await field(en.typeTo(BO)).press('Tab');
    const asPage = button(page, en.typedAsPage);
    assert.equal(await asPage.evaluate((element) => element === document.activeElement), true);
    await asPage.press('Space');
    await page.getByText(missingSpeech() ? en.typedPageIsRead(BO) : en.typedPageIsHeard(BO)).waitFor();
    const wrong = await lookAt(page, 'typing-page');
    wrong.push(...(await lookInGerman(ana, 'german-typing-page')));
    const text = 'The fire drill begins at noon, everybody meets in the yard.';
    await field(en.typePageTo(BO)).fill(text);
    await field(en.typePageTo(BO)).press('Enter');
    const { page: paged } = await readBy(bo, text);
    assert.equal(paged?.isToAll, false);
    assert.equal((await kim.api.call('messages')).length, 0);
    wrong.push(...(await lookAt(page, 'typed-page')));
    assert.deepEqual(wrong, []);
    if (missingSpeech()) return;
    const voices = new Voices(systemVoices(new WorkFolder(join(dir, 'voices'))));
    const voice = await voices.speak(text, { language: 'en' }, new AbortController().signal);
    const share = heardShare(voice, await heardIn(join(dir, '104.wav'), BO));
    assert.ok(share > NOT_HEARD, `Bo hears the voice: ${share}`);
  });

  test('to a group, by its number, and a message where the page is chosen away again', async () => {
    const people = await ana.api.call('people');
    const members = people.map(({ id }) => id);
    await ana.api.call('makeGroup', { name: SALES, extension: '600', people: members });
    await saysNothing(ana);
    const find = page.getByRole('textbox', { name: en.findLabel });
    await find.fill('*55600');
    await page.locator('#find-says').getByText(SALES).waitFor();
    await find.press('Enter');
    await field(en.typeTo(SALES)).waitFor();
    await button(page, en.typedAsPage).click();
    await field(en.typePageTo(SALES)).fill('Sales meets now');
    await field(en.typePageTo(SALES)).press('Enter');
    for (const one of [bo, kim]) {
      const { page: paged, group } = await readBy(one, 'Sales meets now');
      assert.deepEqual([paged?.isToAll, group?.name], [false, SALES]);
    }
    await saysNothing(ana);
    await find.fill('*55600');
    await page.locator('#find-says').getByText(SALES).waitFor();
    await find.press('Enter');
    await button(page, en.typedAsPage).click();
    await button(page, en.typedAsPage).click();
    await field(en.typeTo(SALES)).fill('No page');
    await field(en.typeTo(SALES)).press('Enter');
    assert.equal((await readBy(kim, 'No page')).page, null);
  });

  test('to everybody, by the button beside the one that pages them', async () => {
    await saysNothing(ana);
    const label = en.typePageTo(en.everybody);
    await button(page, label).press('Enter');
    await field(label).waitFor();
    assert.equal(await button(page, en.typedAsPage).count(), 0, 'it is a page in any case');
    const wrong = await lookAt(page, 'typing-page-to-all');
    wrong.push(...(await lookInGerman(ana, 'german-typing-page-to-all')));
    await field(label).fill('Lunch');
    await field(label).press('Enter');
    for (const one of [bo, kim]) assert.equal((await readBy(one, 'Lunch')).page?.isToAll, true);
    await messageRows(page).filter({ hasText: en.pageToAll }).filter({ hasText: 'Lunch' }).waitFor();
    assert.deepEqual(wrong, []);
  });

  test('urgently asks before, and what was typed stays where it is not sent', async () => {
    const { people } = await ana.api.call('members');
    const person = people.find(({ extension }) => extension === '101')?.id ?? '';
    await ana.api.call('setRight', { person, right: 'override', isGiven: true });
    await kim.api.call('setPresence', { presence: 'dnd' });
    await saysNothing(ana);
    await button(page, en.pageUrgent).click();
    const label = en.typePageTo(en.everybody);
    await button(page, label).click();
    await field(label).fill('Leave the building');
    await field(label).press('Enter');
    const dialog = page.getByRole('alertdialog', { name: en.urgentTitle });
    await dialog.waitFor();
    const wrong = await lookAt(page, 'typing-page-urgent-asked');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await field(label).inputValue(), 'Leave the building');
    await field(label).press('Enter');
    await button(dialog, en.typedSend).click();
    await dialog.waitFor({ state: 'hidden' });
    await field(label).waitFor({ state: 'hidden' });
    const { page: paged } = await readBy(kim, 'Leave the building');
    assert.equal(paged?.isUrgent, true);
    await page.getByRole('button', { name: en.pageUrgent, exact: true, pressed: false }).waitFor();
    assert.deepEqual(wrong, []);
  });
});

test('where no voice speaks the language, that is said before anything is sent', { skip }, async (t) => {
  const dir = tempFolder('no-voice');
  const panel = await BrowserPanel.start({
    profile: join(dir, 'dana'),
    args: [
      '--ready',
      'cold',
      '--speaker',
      `file:${join(dir, 'dana.wav')}`,
      ...asPerson('Dana', '101', 'new'),
    ],
    // No program is found there that speaks.
    env: { PATH: dir },
  });
  t.after(() => panel.stop());
  const { page, api } = panel;
  await button(page, en.webUnderstood).click();
  const { link } = await api.call('joinLink');
  const office: Started[] = [];
  t.after(() => stopAll(office));
  await startColleagues(office, dir, link, [[BO, '104']]);
  await eventually(async () => (await api.call('people')).length === 1, 'Dana sees Bo');
  await api.call('dial', { dial: '104' });
  await button(page, en.typeInstead).click();
  const says = page.getByRole('status').filter({ hasText: en.typedIsRead(BO) });
  await says.waitFor();
  const wrong = await lookAt(page, 'typing-without-a-voice');
  await button(page, en.typedAsPage).click();
  await page.getByText(en.typedPageIsRead(BO)).waitFor();
  wrong.push(...(await lookAt(page, 'typing-page-without-a-voice')));
  assert.deepEqual(await api.call('messages'), []);
  assert.deepEqual(wrong, []);
});
