import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { lookAt, messageRows } from '../support/browser-look.ts';
import { BrowserPanel, missingBrowser } from '../support/browser-panel.ts';
import { eventually } from '../support/eventually.ts';
import { writeFullOffice, type FullOffice } from '../support/full-office.ts';
import { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { readOut } from '../support/screen-reader.ts';
import { missingSpeech, speak } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Twenty pages; a busy computer takes some seconds for each, ms. */
const ALL_LOADED_MS = 90_000;
const skip = missingBrowser() ?? missingPulse() ?? missingSpeech() ?? false;

/** Ana Lind's panel in an office of 500 people and 2,000 messages. Two colleagues are online: each has a node. */
describe('the screens of a full office', { skip, timeout: 380_000 }, () => {
  const dir = tempFolder('screens');
  let pulse: Pulse;
  let office: FullOffice;
  let panel: BrowserPanel;
  let page: Page;
  let nour: Headless;
  let meiLin: Headless;

  before(async () => {
    office = await writeFullOffice({ profile: join(dir, 'ana') });
    pulse = await startPulse({ dir: join(dir, 'pulse') });
    const args = ['--ready', 'cold', '--microphone', 'mic', '--speaker', 'speaker'];
    panel = await BrowserPanel.start({ profile: office.profile, args, env: pulse.env });
    page = panel.page;
    nour = await addColleague('Nour Haddad', '104');
    meiLin = await addColleague('Mei-Lin Chandrasekharan-Østergaard', '3071');
    await page.getByRole('button', { name: en.webUnderstood }).click();
  });
  after(async () => {
    await Promise.all([panel?.stop(), nour?.stop(), meiLin?.stop()]);
    await pulse?.stop();
  });

  beforeEach(async () => {
    await panel.api.call('playback', { action: 'stop' });
    await panel.api.call('setPresence', { presence: 'available' });
    await panel.api.call('setSettings', { language: null });
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
    await page.setViewportSize(SIZES.narrow);
    await page.reload();
    await holdNour().waitFor();
  });

  const holdNour = () =>
    page.getByRole('button', { name: /^Hold to talk to Nour Haddad, extension 104, Available/ });

  /** A colleague comes, and is a favourite of Ana's. */
  async function addColleague(name: string, extension: string): Promise<Headless> {
    const colleague = await Headless.start({
      name,
      extension,
      profile: join(dir, extension),
      office: office.link,
      interface: '127.0.0.1',
    });
    const { node } = await colleague.api.call('status');
    // Five hundred records are verified on each side first.
    await eventually(
      async () =>
        (await panel.api.call('people')).some(
          ({ id, presence }) => id === node?.id && presence === 'available',
        ),
      `${name} is available`,
    );
    await panel.api.call('setFavourite', { node: node?.id ?? '', favourite: true });
    return colleague;
  }

  test('Ana sees people, favourites first, and messages', async () => {
    await page.getByText(`${office.unheard} unheard`).first().waitFor();
    await page
      .getByRole('button', { name: /^Favourite: /, pressed: true })
      .first()
      .waitFor();
    assert.deepEqual(await lookAt(page, 'panel-full'), []);
  });

  test('Ana scrolls to her first message, page by page, and what she looks at does not jump', async () => {
    const list = page.getByRole('list', { name: en.messages });
    const rows = messageRows(page);
    const topOf = (element: Element) => element.getBoundingClientRect().top;
    const height = () => list.evaluate((element) => element.scrollHeight);
    const sizeSaid = async () => Number(await rows.last().getAttribute('aria-setsize'));
    assert.equal(await sizeSaid(), -1, 'more follow than are known');
    const before = await height();
    await list.evaluate((element) => (element.scrollTop = 3500));
    const id = await rows.nth(3).getAttribute('data-id');
    const seen = list.locator(`[data-id="${id}"]`);
    const top = await seen.evaluate(topOf);
    await eventually(async () => (await height()) > before, 'a page is loaded');
    assert.equal(await seen.evaluate(topOf), top, 'it stays where it was');
    await eventually(
      async () => {
        await list.evaluate((element) => (element.scrollTop = element.scrollHeight));
        return (await sizeSaid()) > 0;
      },
      'all are loaded',
      ALL_LOADED_MS,
    );
    assert.ok((await sizeSaid()) >= office.messages, 'all are there');
  });

  test('Ana finds a message that was not loaded, by its number', async () => {
    let last = (await panel.api.call('messages', { limit: 500 })).at(-1)!;
    for (let pages = 0; pages < 2; pages += 1) {
      const before = { place: last.place, id: last.id };
      last = (await panel.api.call('messages', { limit: 500, before })).at(-1)!;
    }
    await page.getByRole('searchbox', { name: en.findSaid }).fill(`#${last.number}`);
    await page.locator(`[data-id="${last.id}"]`).waitFor();
    const wrong = await lookAt(page, 'panel-found-message');
    await page.keyboard.press('Escape');
    await eventually(async () => (await messageRows(page).count()) > 1, 'all are shown again');
    assert.deepEqual(wrong, []);
  });

  test('Ana finds somebody by name, and is told when nobody has it', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('keller');
    await page.locator('#find-says.shown').waitFor();
    const wrong = await lookAt(page, 'panel-found');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('no such person');
    wrong.push(...(await lookAt(page, 'panel-found-nobody')));
    await page.keyboard.press('Escape');
    const field = page.getByLabel(en.findLabel);
    await eventually(async () => (await field.inputValue()) === '', 'Escape empties the field');
    assert.deepEqual(wrong, []);
  });

  test('Ana dials a pasted number with Enter, before its preview is there', async () => {
    const [person] = await panel.api.call('people');
    assert.ok(person);
    // What is pasted from a formatted text: isolated, and in brackets.
    await page.getByLabel(en.findLabel).fill(`\u2068(${person.extension})\u2069`);
    await page.keyboard.press('Enter');
    await page.getByText(en.talkTarget(person.name)).waitFor();
    assert.equal((await panel.api.call('status')).talkTo?.extension, person.extension);
  });

  test('Nour speaks to Ana, who is away; Ana plays it from the beginning meanwhile', async () => {
    const { file } = speak(dir, 'This goes on for quite a while, so that there is time to look. '.repeat(6));
    const wavBase64 = readFileSync(file).toString('base64');
    await panel.api.call('setPresence', { presence: 'away' });
    const { id } = await nour.api.call('talkRecording', { dial: '101', wavBase64 });
    await page.getByText(en.speakingNow).first().waitFor();
    const wrong = await lookAt(page, 'panel-spoken-to');
    await panel.api.call('play', { which: id });
    await page.getByRole('region', { name: en.playing }).waitFor();
    wrong.push(...(await lookAt(page, 'panel-playing')));
    await nour.api.call('talkRelease');
    assert.deepEqual(wrong, []);
  });

  test('Ana forwards a message, deletes it, and takes it back', async () => {
    const message = messageRows(page).nth(1);
    await message.hover();
    await message.getByRole('button', { name: /^Forward the message/ }).click();
    await page.getByRole('dialog').waitFor();
    const wrong = await lookAt(page, 'panel-forward');
    await page.keyboard.press('Escape');
    await message.hover();
    await message.getByRole('button', { name: /^Delete the message/ }).click();
    const undo = page.getByRole('button', { name: en.undo });
    await undo.waitFor();
    wrong.push(...(await lookAt(page, 'panel-undo')));
    await undo.click();
    await undo.waitFor({ state: 'hidden' });
    assert.deepEqual(wrong, []);
  });

  test('Ana talks to Nour', async () => {
    await holdNour().focus();
    await page.keyboard.down('Space');
    await page.getByText(en.talkingTo('Nour Haddad')).waitFor();
    const wrong = await lookAt(page, 'panel-talking');
    await page.keyboard.up('Space');
    assert.deepEqual(wrong, []);
  });

  test('Ana opens the menu of her presence', async () => {
    await page.getByRole('button', { name: /^Presence/ }).click();
    await page.getByRole('menu').waitFor();
    assert.deepEqual(await lookAt(page, 'panel-presence'), []);
  });

  test('Ana dials on the keypad, and is told whom the number reaches', async () => {
    await page.getByRole('button', { name: en.keypad }).click();
    const wrong = await lookAt(page, 'keypad-empty');
    await page.keyboard.type('104');
    await page.getByText('Nour Haddad (104)').waitFor();
    await page.getByText(en.keypadPlan).click();
    wrong.push(...(await lookAt(page, 'keypad-person')));
    await page.getByLabel(en.keypadField).fill('99999');
    await page.locator('.preview.nobody').waitFor();
    wrong.push(...(await lookAt(page, 'keypad-nobody')));
    assert.deepEqual(wrong, []);
  });

  test('a screen reader finds headings, landmarks and live regions in the lists and in the settings', async () => {
    const lists = await readOut(page);
    assert.deepEqual(
      lists.headings.map((heading) => heading.replace(/[0-9]+( unheard)?$/, '#')),
      ['1 Ana Lind', `2 ${en.people} #`, `2 ${en.messages} #`],
    );
    for (const landmark of ['banner', 'search', 'main', `contentinfo ${en.talkBar}`])
      assert.ok(lists.landmarks.includes(landmark), `${landmark} of ${lists.landmarks.join(', ')}`);
    // What is found, what became of a talk, what somebody does, what is wrong: each is told as it comes.
    assert.ok(lists.live.length >= 4, lists.live.join(', '));
    await page.getByRole('button', { name: en.settings }).click();
    await page.setViewportSize({ width: 1000, height: 700 });
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    const settings = await readOut(page);
    assert.ok(settings.landmarks.includes(`navigation ${en.settings}`), settings.landmarks.join(', '));
    assert.match(settings.headings.join(), /^1 Ana Lind,2 [A-Z]/);
    assert.deepEqual([...lists.nameless, ...settings.nameless], []);
  });

  test('a person who reads text twice as large can talk to everybody, and nothing runs off at the side', async () => {
    for (const width of [400, 1000]) {
      await page.setViewportSize({ width, height: 680 });
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      const hold = page.getByRole('button', { name: /^Hold to talk to/ }).first();
      const box = await hold.boundingBox();
      assert.ok(box && box.x >= 0 && box.x + box.width <= width, 'who is there can still be talked to');
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(over <= 0, `${over} px run off at the side of ${width}`);
    }
  });

  test('nothing moves for a person who wants no motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const longest = await page.evaluate(() => {
      const times = [...document.querySelectorAll('*')].flatMap((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return `${transitionDuration}, ${animationDuration}`.split(', ').map((time) => parseFloat(time));
      });
      return Math.max(...times);
    });
    assert.ok(longest <= 0.01, `something moves for ${longest} s`);
  });

  test('Ana opens each section of the settings', async () => {
    const wrong: string[] = [];
    await page.getByRole('button', { name: en.settings }).click();
    wrong.push(...(await lookAt(page, 'settings')));
    for (const [name, title] of Object.entries(en.sections)) {
      await page.setViewportSize({ width: 1000, height: 700 });
      const section = page
        .getByRole('navigation', { name: en.settings })
        .getByRole('button', { name: title });
      // Keys are of the desktop: there are none in a browser.
      if ((await section.count()) === 0) continue;
      await section.click();
      await page.getByRole('heading', { name: title, exact: true }).first().waitFor();
      wrong.push(...(await lookAt(page, `settings-${name}`)));
    }
    assert.deepEqual(wrong, []);
  });

  test('Ana opens each section of the settings in German', async () => {
    const wrong: string[] = [];
    await speakGerman();
    await page.getByRole('button', { name: de.settings, exact: true }).click();
    const sections = page.getByRole('navigation', { name: de.settings });
    for (const [name, title] of Object.entries(de.sections)) {
      await page.setViewportSize({ width: 1000, height: 700 });
      const section = sections.getByRole('button', { name: title });
      if ((await section.count()) === 0) continue;
      await section.click();
      await page.getByRole('heading', { name: title, exact: true }).first().waitFor();
      wrong.push(...(await lookAt(page, `german-settings-${name}`)));
    }
    assert.deepEqual(wrong, []);
  });

  test('Ana opens the menu of her presence and the keypad in German', async () => {
    await speakGerman();
    await page.getByRole('button', { name: new RegExp(`^${de.presenceMenu('')}`) }).click();
    await page.getByRole('menu').waitFor();
    const wrong = await lookAt(page, 'german-presence');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: de.keypad }).click();
    await page.keyboard.type('104');
    await page.getByText('Nour Haddad (104)').waitFor();
    await page.getByText(de.keypadPlan).click();
    wrong.push(...(await lookAt(page, 'german-keypad')));
    assert.deepEqual(wrong, []);
  });

  test('Ana talks to Nour and forwards a message in German', async () => {
    await speakGerman();
    await page
      .getByRole('button', { name: new RegExp(`^${de.holdToTalk('Nour Haddad', '104', '')}`) })
      .focus();
    await page.keyboard.down('Space');
    await page.getByText(de.talkingTo('Nour Haddad')).waitFor();
    const wrong = await lookAt(page, 'german-talking');
    await page.keyboard.up('Space');
    const message = messageRows(page, de.messages).nth(1);
    await message.hover();
    await message.getByRole('button', { name: /weiterleiten/i }).click();
    await page.getByRole('dialog').waitFor();
    wrong.push(...(await lookAt(page, 'german-forward')));
    assert.deepEqual(wrong, []);
  });

  async function speakGerman(): Promise<void> {
    await panel.api.call('setSettings', { language: 'de' });
    await page.getByRole('contentinfo', { name: de.talkBar }).waitFor();
  }
});
