import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { phrases as german } from '../../i18n/de/phrases.ts';
import { translate } from '../../i18n/index.ts';
import { DIAL_NAMES } from '../../main/model/index.ts';
import { button, lookAt } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

/** The key between two numbers. */
const SEVERAL = `, ${en.keypadSeveral}`;
const skip = missingBrowser() ?? false;
const KIM = 'Kim Castellanos-Wetherby';

/** Ana has a panel; Bo and Kim have nodes. */
describe(
  'how colleagues are heard, and what a number becomes, in the panel',
  { skip, timeout: 240_000 },
  () => {
    const dir = tempFolder('hearing');
    const started: Started[] = [];
    let ana: BrowserPanel;
    let colleagues: readonly Headless[];
    let page: Page;

    before(async () => {
      ({ ana, colleagues } = await openOffice(started, dir, [
        ['Bo Li', '104'],
        [KIM, '3071'],
      ]));
      page = ana.page;
    });
    after(() => stopAll(started));

    const kim = async () => (await ana.api.call('people')).find(({ name }) => name === KIM)!;
    const language = (tag: 'de' | null) => ana.api.call('setSettings', { language: tag });

    test('a slider sets how loud a colleague is heard, by keyboard alone, and says it', async () => {
      await page.getByRole('listitem').filter({ hasText: KIM }).hover();
      await button(page, en.personSound(KIM)).press('Enter');
      const slider = page.getByRole('slider', { name: en.volume });
      await eventually(() => slider.evaluate((one) => one === document.activeElement), 'it has the focus');
      for (let n = 0; n < 4; n += 1) await slider.press('ArrowLeft');
      await eventually(async () => (await kim()).volume === 80, '80 percent');
      assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /^80\s?%$/u);
      const wrong = await lookAt(page, 'person-sound');
      await button(page, /^Back to 100/).click();
      await eventually(async () => (await kim()).volume === 100, 'as loud as she is');
      await slider.press('End');
      await eventually(async () => (await kim()).volume === 200, 'twice as loud');
      await page.keyboard.press('Escape');
      await slider.waitFor({ state: 'hidden' });
      assert.deepEqual(wrong, []);
    });

    test('pages have a volume of their own, in the settings of sound', async () => {
      await page.setViewportSize(SIZES.wide);
      await button(page, en.settings).click();
      await page.getByRole('navigation').getByRole('button', { name: en.sections.sound }).click();
      const slider = page.getByRole('slider', { name: en.pageVolume });
      for (let n = 0; n < 8; n += 1) await slider.press('ArrowLeft');
      await eventually(
        async () => (await ana.api.call('settings')).pageVolume === 60,
        'pages are heard at 60 percent',
      );
      const wrong = await lookAt(page, 'page-volume');
      await button(page, /^Back to 100/).click();
      await eventually(
        async () => (await ana.api.call('settings')).pageVolume === 100,
        'as loud as messages',
      );
      await page.keyboard.press('Escape');
      await page.setViewportSize(SIZES.narrow);
      assert.deepEqual(wrong, []);
    });

    test('one click mutes a colleague for an hour, the row says until when, and one click ends it', async () => {
      await button(page, en.personSound(KIM)).click();
      await button(page, en.mute).click();
      await button(page, en.unmute).waitFor();
      const { mutedUntil } = await kim();
      assert.ok(mutedUntil !== null && Math.abs(mutedUntil - Date.now() - 3_600_000) < 60_000);
      await language('de');
      await button(page, de.unmute).waitFor();
      const wrong = await lookAt(page, 'german-person-muted');
      await language(null);
      await page.keyboard.press('Escape');
      await page
        .getByRole('listitem')
        .filter({ hasText: KIM })
        .getByText(/Muted until/)
        .waitFor();
      wrong.push(...(await lookAt(page, 'row-muted')));
      await button(page, en.personSound(KIM)).click();
      await button(page, en.unmute).click();
      await eventually(async () => (await kim()).mutedUntil === null, 'she is heard again');
      await page.keyboard.press('Escape');
      assert.deepEqual(wrong, []);
    });

    test('the last words are heard again by one click', async () => {
      const [bo] = colleagues as [Headless];
      const { id } = await bo.api.call('talkRecording', { dial: '101', wavBase64: toneWav(1500) });
      await eventually(
        async () => (await ana.api.call('messages')).some((one) => one.id === id && one.heard),
        'Bo was heard',
      );
      const wrong = await lookAt(page, 'last-words');
      await button(page, en.lastWords).click();
      await eventually(async () => (await ana.api.call('status')).playing?.id === id, 'again');
      await eventually(async () => (await ana.api.call('status')).playing === null, 'to the end');
      assert.deepEqual(wrong, []);
    });

    test('the field says what a code may become, and a click types it', async () => {
      const field = page.getByRole('textbox', { name: en.findLabel });
      await field.fill('*7');
      await button(page, /^\*78/).waitFor();
      const wrong = await lookAt(page, 'dial-becomes');
      await language('de');
      await page.getByText(de.dialBecomes).waitFor();
      wrong.push(...(await lookAt(page, 'german-dial-becomes')));
      await language(null);
      await field.fill('*30');
      await button(page, `*3071 ${KIM}`).click();
      assert.equal(await field.inputValue(), '*3071');
      await page
        .getByText(/Talks to the mailbox of Kim/)
        .first()
        .waitFor();
      await field.fill('140');
      await page.getByText(en.dialSuggests).waitFor();
      await button(page, '104 Bo Li').waitFor();
      wrong.push(...(await lookAt(page, 'dial-suggests')));
      await page.keyboard.press('Escape');
      assert.deepEqual(wrong, []);
    });

    test('the keypad says it too, and its keys stay where they are', async () => {
      await button(page, en.keypad).click();
      const key = button(page, '1');
      const place = await key.boundingBox();
      await key.click();
      await button(page, '104 Bo Li').waitFor();
      assert.deepEqual(await key.boundingBox(), place);
      const wrong = await lookAt(page, 'keypad-becomes');
      await button(page, '104 Bo Li').click();
      await page.getByText('Talks to Bo Li (104), who is available.').waitFor();
      await page.keyboard.press('Escape');
      assert.deepEqual(wrong, []);
    });

    test('two people are dialled by the mouse alone', async () => {
      await button(page, en.keypad).click();
      const wrong = await lookAt(page, 'keypad-separator');
      for (const key of ['1', '0', '4', SEVERAL, '3', '0', '7', '1']) await button(page, key).click();
      assert.equal(await page.getByRole('textbox', { name: en.keypadField }).inputValue(), '104,3071');
      await page.getByText(/^Talks to Bo Li.*Kim Castellanos-Wetherby/).waitFor();
      wrong.push(...(await lookAt(page, 'keypad-several')));
      await page.keyboard.press('Escape');
      assert.deepEqual(wrong, []);
    });

    test('the keypad explains every row of the dial plan, in English and in German', async () => {
      const plan = await ana.api.call('dialPlan');
      assert.deepEqual(
        plan.map(({ name }) => name),
        DIAL_NAMES,
      );
      for (const [tag, strings, translations] of [
        [null, en, null],
        ['de', de, german],
      ] as const) {
        await language(tag);
        await button(page, strings.keypad).click();
        await page.getByText(strings.keypadPlan).click();
        const rows = page.getByRole('dialog').locator('dl');
        const texts = (of: string) => rows.locator(of).allInnerTexts();
        const [patterns, explanations] = [await texts('dt'), await texts('dd')];
        const written = plan.map(({ pattern, explanation, phrases }) => [
          translate(translations, { sentence: pattern, phrase: phrases.pattern }),
          translate(translations, { sentence: explanation, phrase: phrases.explanation }),
        ]);
        assert.deepEqual(
          patterns.map((pattern, n) => [pattern, explanations[n]]),
          written,
        );
        for (const [n, { explanation }] of plan.entries())
          assert.equal(explanations[n] === explanation, tag === null, `${tag ?? 'en'}: ${explanation}`);
        await page.keyboard.press('Escape');
      }
      await language(null);
      await button(page, en.keypad).waitFor();
    });

    test('an override asks before, and is then heard by who does not want to be disturbed', async () => {
      const [bo] = colleagues as [Headless];
      const { people } = await ana.api.call('members');
      const me = people.find(({ isMe }) => isMe)!;
      await ana.api.call('setRight', { person: me.id, right: 'override', isGiven: true });
      await eventually(
        async () => (await bo.api.call('members')).people.some(({ rights }) => rights.includes('override')),
        'Bo knows of it',
      );
      await bo.api.call('setPresence', { presence: 'dnd' });
      const field = page.getByRole('textbox', { name: en.findLabel });
      await field.fill('*48104');
      await page
        .getByText(/Talks to Bo Li \(104\), also where/)
        .first()
        .waitFor();
      await page.keyboard.down('Enter');
      const dialog = page.getByRole('alertdialog', { name: en.overrideTitle });
      await dialog.waitFor();
      await page.keyboard.up('Enter');
      const wrong = await lookAt(page, 'override-asks');
      await language('de');
      await button(page, de.overrideTalk).waitFor();
      wrong.push(...(await lookAt(page, 'german-override-asks')));
      await language(null);
      // Here is no microphone: the press is taken without another question, and fails for that.
      await button(dialog, en.overrideTalk).press(' ');
      await eventually(
        async () => (await ana.api.call('status')).troubles.some(({ code }) => code === 'microphone'),
        'the press is taken',
      );
      const recording = { dial: '*48104', wavBase64: toneWav(3000), isConfirmed: true };
      await ana.api.call('talkRecording', recording);
      await eventually(
        async () => (await ana.api.call('status')).talking?.recipients[0]?.state === 'hearing',
        'Bo hears it',
      );
      await dialog.waitFor({ state: 'hidden' });
      assert.deepEqual(wrong, []);
    });
  },
);
