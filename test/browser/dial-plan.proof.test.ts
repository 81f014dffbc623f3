import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import type { Status } from '../../preload/api.ts';
import { button, lookAt } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, startColleagues, stopAll, type Started } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;

/** Ana, an admin, has a panel; Bo and Kim have nodes. The three are the group Sales. */
describe('every row of the dial plan, in the panel', { skip, timeout: 300_000 }, () => {
  const dir = tempFolder('dial-plan');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let colleagues: readonly Headless[];
  let page: Page;

  before(async () => {
    ({ ana, colleagues } = await openOffice(started, dir, [
      ['Bo Li', '104'],
      ['Kim Wetherby', '3071'],
    ]));
    page = ana.page;
    const { people } = await ana.api.call('members');
    const me = people.find(({ isMe }) => isMe);
    assert.ok(me);
    await ana.api.call('setRight', { person: me.id, right: 'override', isGiven: true });
    const group = { name: 'Sales', extension: '600', people: people.map(({ id }) => id) } as const;
    await ana.api.call('makeGroup', { ...group, talk: 'everybody', change: 'creator' });
    for (const { api } of colleagues)
      await eventually(async () => (await api.call('groups')).length === 1, 'a colleague knows the group');
    await page.setViewportSize(SIZES.narrow);
  });
  after(() => stopAll(started));

  const status = (): Promise<Status> => ana.api.call('status');
  const field = (): Locator => page.getByRole('textbox', { name: en.findLabel });

  /** Bo speaks: the retrieval number of his message, which is whole and heard, or waits where nothing may disturb. */
  async function spokenByBo(isHeard: boolean): Promise<string> {
    const [bo] = colleagues as [Headless];
    const { id } = await bo.api.call('talkRecording', { dial: '101', wavBase64: toneWav(1200) });
    const message = async () => (await ana.api.call('messages')).find((one) => one.id === id);
    await eventually(async () => {
      const kept = await message();
      return kept?.complete === true && !kept.live && kept.heard === isHeard;
    }, 'Bo’s message is here');
    return (await message())?.number ?? '';
  }

  /** Types the string, waits until the panel says that it does this, and presses Enter. */
  async function dial(dialled: string, says: RegExp): Promise<void> {
    await field().fill(dialled);
    await page.locator('#find-says').filter({ hasText: says }).waitFor({ state: 'attached' });
    await field().press('Enter');
    await eventually(async () => (await field().inputValue()) === '', 'the panel has dialled it');
  }
  const isSo = (what: (now: Status) => boolean, as: string) =>
    eventually(async () => what(await status()), as);
  const playsToTheEnd = async (number: string): Promise<void> => {
    const id = (await ana.api.call('messages')).find((one) => one.number === number)?.id;
    assert.ok(id);
    await isSo(({ playing }) => playing?.id === id, `#${number} plays`);
    await isSo(({ playing }) => playing === null, 'to its end');
  };

  test('what is typed is said, and Enter does it', async () => {
    const heard = await spokenByBo(true);
    const tried: Record<string, () => Promise<void>> = {
      extension: async () => {
        await dial('104', /^Talks to Bo Li \(104\), who is available\.$/);
        await isSo(({ talkTo }) => talkTo?.name === 'Bo Li', 'Bo is chosen');
        await dial('600', /^Talks to everybody in Sales \(600\): 2 people\.$/);
        await isSo(({ talkTo }) => talkTo?.count === 2, 'the group is chosen');
      },
      several: async () => {
        await dial('104,3071', /^Talks to Bo Li \(104\), Kim Wetherby \(3071\)\.$/);
        await isSo(({ talkTo }) => talkTo?.extension === '104,3071', 'both are chosen');
      },
      everybody: async () => {
        const before = (await status()).talkTo;
        await dial('0', /^Pages all 2 colleagues while you hold the key\.$/);
        assert.deepEqual((await status()).talkTo, before);
      },
      'last-talker': async () => {
        await dial('*69', /^Talks to Bo Li \(104\)/);
        await isSo(({ talkTo }) => talkTo?.name === 'Bo Li', 'who talked last is chosen');
      },
      again: async () => {
        await dial('*1', new RegExp(`^Plays message #${heard} from Bo Li`));
        await playsToTheEnd(heard);
      },
      'last-words': async () => {
        await dial('*5', /^Plays the last 30 seconds that you heard, again\.$/);
        await playsToTheEnd(heard);
      },
      type: async () => {
        await dial('*55104', /^Types to Bo Li \(104\): what you type is spoken there, and can be read\.$/);
        const field = page.getByRole('textbox', { name: en.typeTo('Bo Li') });
        await field.press('Escape');
        await field.waitFor({ state: 'hidden' });
      },
      undisturbed: async () => {
        await dial('*78', /^Nobody disturbs you from then on/);
        await isSo(({ presence }) => presence === 'dnd', 'do not disturb is on');
      },
      unheard: async () => {
        const number = await spokenByBo(false);
        await dial('*97', /^Plays the one message that is unheard\.$/);
        await playsToTheEnd(number);
        await isSo(({ unheard }) => unheard === 0, 'nothing is unheard');
      },
      disturbed: async () => {
        await dial('*79', /^You can be disturbed again from then on\.$/);
        await isSo(({ presence }) => presence === 'available', 'do not disturb is off');
      },
      divert: async () => {
        await dial('*72104', /^What is said to you goes to Bo Li \(104\) from then on\.$/);
        await isSo(({ divert }) => divert?.extension === '104', 'what is said to Ana goes to Bo');
      },
      undivert: async () => {
        await dial('*73', /^What is said to you reaches you again from then on\.$/);
        await isSo(({ divert }) => divert === null, 'what is said to Ana reaches her');
      },
      message: async () => {
        await dial(`#${heard}`, new RegExp(`^Plays message #${heard} from Bo Li`));
        await playsToTheEnd(heard);
      },
      'message-by-code': async () => {
        await dial(`*97${heard}`, new RegExp(`^Plays message #${heard} from Bo Li`));
        await playsToTheEnd(heard);
      },
      'bare-message': async () => {
        await dial(heard, new RegExp(`^Plays message #${heard} from Bo Li`));
        await playsToTheEnd(heard);
      },
      override: async () => {
        await dial('*48104', /^Talks to Bo Li \(104\), also where they do not want to be disturbed/);
      },
      mailbox: async () => {
        await dial('*104', /^Talks to the mailbox of Bo Li \(104\)\. Nothing sounds there by itself\.$/);
        await dial('*600', /^Talks to the mailboxes of everybody in Sales \(600\)/);
      },
      call: async () => {
        await dial('*80600', /^Pages all 2 in Sales \(600\) while you hold the key\.$/);
        await dial('*80104', /^Calls Bo Li \(104\)\.$/);
        await button(page, en.callHangUp).first().click();
        await isSo(({ calls }) => calls.every(({ state }) => state === 'ended'), 'the call is over');
      },
      'pick-up': async () => {
        const [bo, kim] = colleagues as [Headless, Headless];
        await kim.api.call('startCall', { dial: '104', wavBase64: toneWav(5000) });
        await eventually(
          async () => (await bo.api.call('status')).calls.some(({ state }) => state === 'ringing'),
          'it rings at Bo',
        );
        await dial('*8', /^Takes the call that rings at a colleague of your groups\.$/);
        const withKim = ({ name, state }: Status['calls'][number]) =>
          name === 'Kim Wetherby' && state === 'active';
        await isSo(({ calls }) => calls.some(withKim), 'Ana speaks with Kim');
        await button(page, en.callHangUp).first().click();
        await isSo(({ calls }) => calls.every(({ state }) => state === 'ended'), 'the call is over');
      },
    };
    const plan = await ana.api.call('dialPlan');
    assert.deepEqual(Object.keys(tried).sort(), plan.map(({ name }) => name).sort(), 'each row is tried');
    for (const work of Object.values(tried)) await work();
  });

  test('an admin changes a code; a collision is refused at its field, and the keypad lists what holds', async () => {
    await page.setViewportSize(SIZES.wide);
    await button(page, en.settings).click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections.office }).click();
    await button(page, en.codesAll).click();
    const calls = page.getByLabel('Calls that person: you both speak at once. A group is paged.', {
      exact: true,
    });
    await calls.fill('*1');
    await calls.press('Enter');
    await page.getByRole('alert').filter({ hasText: '*101 reaches the mailbox of Ana Lind (101)' }).waitFor();
    const wrong = await lookAt(page, 'codes-refused');
    await calls.fill('*80');
    const code = page.getByLabel('Turns do not disturb on.', { exact: true });
    await code.fill('*11');
    await button(page, en.codeSave('*11')).click();
    await button(page, en.codeUsual('*78')).waitFor();
    await ana.api.call('setSettings', { language: 'de' });
    await button(page, de.codeUsual('*78')).scrollIntoViewIfNeeded();
    wrong.push(...(await lookAt(page, 'german-codes')));
    await ana.api.call('setSettings', { language: null });
    await page.setViewportSize(SIZES.narrow);
    await page.keyboard.press('Escape');
    await dial('*11', /^Nobody disturbs you from then on/);
    await isSo(({ presence }) => presence === 'dnd', 'the new code does it');
    await dial('*79', /^You can be disturbed again/);
    await button(page, en.keypad).click();
    await page.getByText(en.keypadPlan).click();
    await page.getByText('*11', { exact: true }).scrollIntoViewIfNeeded();
    wrong.push(...(await lookAt(page, 'keypad-changed-code')));
    await page.keyboard.press('Escape');
    const [bo] = colleagues as [Headless];
    const atBo = async () =>
      (await bo.api.call('dialPlan')).some(({ name, code }) => name === 'undisturbed' && code === '*11');
    await eventually(atBo, 'Bo dials by it, too');
    assert.deepEqual(wrong, []);
    assert.deepEqual(ana.complaints, []);
  });

  test('a code that lost to what another admin chose meanwhile is shown, and forgotten', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    const person = (await ana.api.call('people')).find(({ extension }) => extension === '104')?.id ?? '';
    await ana.api.call('makeAdmin', { person });
    await eventually(
      async () => (await bo.api.call('members')).people.some(({ isMe, isAdmin }) => isMe && isAdmin),
      'Bo knows that he is an admin',
    );
    await kim.stop();
    await ana.restart(async () => {
      await bo.api.call('setCode', { row: 'again', code: '*300' });
      await bo.stop();
    });
    await ana.api.call('setCode', { row: 'undisturbed', code: '*300' });
    await page.goto(await ana.newAddress());
    await startColleagues(started, dir, 'new', [['Bo Li', '104']]);
    const undisturbed = async () =>
      (await ana.api.call('dialPlan')).find(({ name }) => name === 'undisturbed');
    await eventually(async () => (await undisturbed())?.lostCode === '*300', 'Bo’s choice has come here');
    await page.setViewportSize(SIZES.wide);
    await button(page, en.settings).click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections.office }).click();
    await page.getByText(en.codeLost('*300')).scrollIntoViewIfNeeded();
    const wrong = await lookAt(page, 'code-lost');
    await ana.api.call('setSettings', { language: 'de' });
    await page.getByText(de.codeLost('*300')).scrollIntoViewIfNeeded();
    wrong.push(...(await lookAt(page, 'german-code-lost')));
    await ana.api.call('setSettings', { language: null });
    await button(page, en.codeForget('*300')).click();
    await page.getByText(en.codeLost('*300')).waitFor({ state: 'hidden' });
    assert.deepEqual([(await undisturbed())?.code, (await undisturbed())?.lostCode], ['*78', null]);
    assert.deepEqual(wrong, []);
  });
});
