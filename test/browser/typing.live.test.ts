import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { button, lookAt, lookInGerman, messageRows } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { SIZES } from '../support/panel-look.ts';
import { eventually } from '../support/eventually.ts';
import { saysNothing, type Headless } from '../support/headless.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const BO = 'Bo Li';
const KIM = 'Kim Castellanos-Wetherby';

/** Ana has a panel; Bo and Kim have nodes. */
describe('typing instead of talking, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('typing');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let colleagues: readonly Headless[];
  let page: Page;

  before(async () => {
    ({ ana, colleagues } = await openOffice(started, dir, [
      [BO, '104'],
      [KIM, '3071'],
    ]));
    page = ana.page;
  });
  after(() => stopAll(started));

  const field = () => page.getByRole('textbox', { name: en.typeTo(BO) });
  /** The last message that this person’s node has, its own ones too. */
  const lastAt = async ({ api }: Pick<Headless, 'api'>) => (await api.call('messages'))[0];

  test('a sentence, by the bar below; what is too long is counted, and Escape closes', async () => {
    const [bo] = colleagues as [Headless, Headless];
    await ana.api.call('dial', { dial: '104' });
    await button(page, en.typeInstead).click();
    await field().waitFor();
    const wrong = await lookAt(page, 'typing');
    wrong.push(...(await lookInGerman(ana, 'german-typing')));
    await field().fill('x'.repeat(2001));
    await page.getByText(en.typedTooLong(1)).waitFor();
    await field().press('Enter');
    wrong.push(...(await lookAt(page, 'typing-too-long')));
    await field().fill(
      'The parcel is here.\nSecond floor, next to the lift; please sign for it before noon.',
    );
    wrong.push(...(await lookAt(page, 'typing-two-lines')));
    await field().press('Enter');
    await field().waitFor({ state: 'hidden' });
    await eventually(
      async () => (await lastAt(bo))?.words?.text?.startsWith('The parcel is here.\nSecond') === true,
      'Bo can read it',
    );
    await messageRows(page).filter({ hasText: 'Second floor' }).waitFor();
    wrong.push(...(await lookAt(page, 'typed-message')));
    await button(page, en.typeInstead).click();
    await field().press('Escape');
    await field().waitFor({ state: 'hidden' });
    assert.deepEqual(wrong, []);
  });

  test('a preset, by one click or by its key', async () => {
    const [bo] = colleagues as [Headless, Headless];
    await ana.api.call('talkRelease');
    await ana.api.call('dial', { dial: '104' });
    for (const [n, send] of [
      [1, () => button(page, en.presets[1]).click()],
      [2, () => field().press('Alt+3')],
    ] as const) {
      await saysNothing(ana);
      await button(page, en.typeInstead).click();
      await field().waitFor();
      await send();
      await eventually(async () => (await lastAt(bo))?.words?.text === en.presets[n], en.presets[n]);
    }
  });

  test('words reach whom they were begun for, though a colleague speaks to this person meanwhile', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    await saysNothing(ana);
    await ana.api.call('dial', { dial: '104' });
    await button(page, en.typeInstead).click();
    await field().fill('For Bo');
    await kim.api.call('talkRecording', { dial: '101', wavBase64: toneWav(1000) });
    // The talk key reaches Kim now.
    await button(page, en.talkButton(KIM)).waitFor();
    await field().press('Enter');
    await eventually(async () => (await lastAt(bo))?.words?.text === 'For Bo', 'Bo can read it');
  });

  test('what was typed is read in the person’s own text size, and copied', async (t) => {
    const [bo] = colleagues as [Headless, Headless];
    const text = 'Room 3071, <b>second</b> floor';
    await bo.api.call('talkText', { dial: '101', text });
    const words = messageRows(page).getByText(text, { exact: true });
    await words.waitFor();
    const sizeOf = () => words.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
    const usual = await sizeOf();
    const textIs = (size: string) =>
      page.evaluate((wanted) => void (document.documentElement.style.fontSize = wanted), size);
    t.after(() => textIs(''));
    await textIs('200%');
    // As much room for a text of that size as a narrow panel has.
    await page.setViewportSize({ width: 2 * SIZES.narrow.width, height: 2 * SIZES.narrow.height });
    assert.ok((await sizeOf()) >= 2 * usual, 'it is twice as large');
    await words.scrollIntoViewIfNeeded();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(over <= 0, `${over} px run off at the side`);
    await textIs('');
    await ana.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await words.click({ clickCount: 3 });
    await page.keyboard.press('Control+c');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied.trim(), text);
  });

  test('Ctrl+Z takes back what was typed, and not a deletion', async () => {
    const [bo] = colleagues as [Headless, Headless];
    await saysNothing(bo);
    await bo.api.call('talkText', { dial: '101', text: 'To be deleted' });
    const row = messageRows(page).filter({ hasText: 'To be deleted' });
    await row.waitFor();
    await eventually(async () => !(await lastAt(ana))?.live, 'it has ended');
    await ana.api.call('dial', { dial: '104' });
    await row.hover();
    await button(row, /^Delete/).click();
    await button(page, en.undo).waitFor();
    await button(page, en.typeInstead).click();
    const line = page.getByRole('region', { name: /^Type to/ }).getByRole('textbox');
    await line.pressSequentially('abc');
    await line.press('Control+z');
    await eventually(async () => (await line.inputValue()) === '', 'the text is taken back');
    assert.equal(await row.count(), 0);
    await line.press('Escape');
  });

  test('somebody by the code and their number, and who wrote by a reply', async () => {
    const [, kim] = colleagues as [Headless, Headless];
    await saysNothing(ana);
    const find = page.getByRole('textbox', { name: en.findLabel });
    await find.fill('*553071');
    await page.locator('#find-says').getByText(`Types to ${KIM}`).waitFor();
    await find.press('Enter');
    const toKim = page.getByRole('textbox', { name: en.typeTo(KIM) });
    await toKim.fill('Lunch?');
    await toKim.press('Enter');
    await eventually(async () => (await lastAt(kim))?.words?.text === 'Lunch?', 'Kim can read it');
    await kim.api.call('talkText', { dial: '101', text: 'Come at noon' });
    const row = messageRows(page).filter({ hasText: 'Come at noon' });
    await row.waitFor();
    await row.hover();
    await button(row, en.typeTo(KIM)).click();
    await toKim.waitFor();
    const wrong = await lookAt(page, 'typing-a-reply');
    await toKim.press('Escape');
    await toKim.waitFor({ state: 'hidden' });
    assert.deepEqual(wrong, []);
  });

  test('the voice and the sentences at hand are chosen in the settings', async () => {
    await page.setViewportSize(SIZES.wide);
    await button(page, en.settings).click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections.sound }).click();
    const voice = page.getByLabel(en.voice, { exact: true });
    const lines = page.getByLabel(en.presetsLabel, { exact: true });
    await voice.scrollIntoViewIfNeeded();
    const [first] = (await ana.api.call('voices', {})).voices;
    if (first) {
      await voice.selectOption(first.id);
      await eventually(async () => (await ana.api.call('settings')).voice === first.id, 'it is chosen');
      await button(page, en.voiceTry).click();
      await ana.told((event) => event.type === 'sound-test' && event.test.state === 'playing');
    }
    const form = page.locator('form').filter({ has: lines });
    await lines.fill(Array.from({ length: 10 }, (_, n) => `Sentence ${n}`).join('\n'));
    await page.getByText(en.presetsTooMany(9)).waitFor();
    await lines.fill('On my way\n\n  Not today ');
    await button(form, en.save).click();
    await eventually(async () => {
      const { presets } = await ana.api.call('settings');
      return presets?.join() === 'On my way,Not today';
    }, 'they are kept');
    const wrong = await lookAt(page, 'typing-settings', lines);
    await ana.api.call('setSettings', { language: 'de' });
    wrong.push(
      ...(await lookAt(page, 'german-typing-settings', page.getByLabel(de.presetsLabel, { exact: true }))),
    );
    assert.deepEqual(wrong, []);
  });
});
