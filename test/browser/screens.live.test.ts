import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { BrowserPanel, missingBrowser } from '../support/browser-panel.ts';
import { writeFullOffice, type FullOffice } from '../support/full-office.ts';
import { Headless } from '../support/headless.ts';
import { look } from '../support/panel-look.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { readOut } from '../support/screen-reader.ts';
import { missingSpeech, speak } from '../support/speech.ts';

const skip = missingBrowser() ?? missingPulse() ?? missingSpeech() ?? false;
const silent = (dir: string): string[] => ['--ready', 'cold', '--speaker', `file:${join(dir, 'heard.wav')}`];

/** Looks at a page of a browser, whose window has any size at once, and hears what a screen reader says of it. */
const lookAt = async (page: Page, name: string): Promise<string[]> => {
  const wrong = await look(page, name, { resize: (size) => page.setViewportSize(size) });
  const { nameless } = await readOut(page);
  return [...wrong, ...nameless.map((what) => `${name}: has no name: ${what}`)];
};

const messages = (page: Page, name: string = en.messages) =>
  page.getByRole('list', { name }).getByRole('listitem');

describe('the screens of an empty office', { skip, timeout: 90_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-screens-'));
  let panel: BrowserPanel;
  let page: Page;

  before(async () => {
    panel = await BrowserPanel.start({ profile: join(dir, 'ana'), args: silent(dir) });
    page = panel.page;
    await page.getByRole('button', { name: en.webUnderstood }).click();
  });
  after(async () => {
    await panel?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('first run in German, which the browser speaks', async () => {
    const wrong: string[] = [];
    const browser = panel.context.browser();
    assert.ok(browser);
    const context = await browser.newContext({ locale: 'de-AT' });
    try {
      const german = await context.newPage();
      german.setDefaultTimeout(8000);
      await german.goto(await panel.newAddress());
      await german.getByRole('button', { name: de.webUnderstood }).waitFor();
      await german.getByLabel(de.joinOffice).check();
      await german.getByRole('button', { name: de.next }).click();
      await german.getByText(de.linkMissing).waitFor();
      wrong.push(...(await lookAt(german, 'german-first-run-office')));
      await german.getByLabel(de.createOffice).check();
      await german.getByRole('button', { name: de.next }).click();
      await german.getByLabel(de.extensionLabel, { exact: true }).fill('1');
      await german.getByRole('button', { name: de.finishCreate }).click();
      await german.getByText(de.nameMissing).waitFor();
      await german.getByText(de.extensionWrong).waitFor();
      wrong.push(...(await lookAt(german, 'german-first-run-you')));
    } finally {
      await context.close();
    }
    assert.deepEqual(wrong, []);
  });

  test('first run', async () => {
    const wrong: string[] = [];
    await page.getByLabel(en.joinOffice).check();
    await page.getByRole('button', { name: en.next }).click();
    await page.getByText(en.linkMissing).waitFor();
    wrong.push(...(await lookAt(page, 'first-run-office')));
    await page.getByLabel(en.createOffice).check();
    await page.getByRole('button', { name: en.next }).click();
    await page.getByLabel(en.nameLabel, { exact: true }).fill('Ana Lind');
    await page.getByLabel(en.extensionLabel, { exact: true }).fill('1');
    await page.getByRole('button', { name: en.finishCreate }).click();
    await page.getByText(en.extensionWrong).waitFor();
    wrong.push(...(await lookAt(page, 'first-run-you')));
    await page.getByLabel(en.extensionLabel, { exact: true }).fill('101');
    await page.getByRole('button', { name: en.finishCreate }).click();
    await page.getByRole('heading', { name: en.soundTitle, exact: true }).waitFor();
    wrong.push(...(await lookAt(page, 'first-run-sound')));
    await panel.api.call('setSettings', { language: 'de' });
    await page.getByRole('heading', { name: de.soundTitle, exact: true }).waitFor();
    wrong.push(...(await lookAt(page, 'german-first-run-sound')));
    await panel.api.call('setSettings', { language: null });
    await page.getByRole('heading', { name: en.soundTitle, exact: true }).waitFor();
    assert.deepEqual(wrong, []);
  });

  test('nobody and nothing there yet', async () => {
    await page.getByRole('button', { name: en.soundSkip }).click();
    await page.getByText(en.nobodyTitle).waitFor();
    assert.deepEqual(await lookAt(page, 'panel-empty'), []);
  });

  test('a connection that is lost is tried again; one that is refused says what to do', async () => {
    const refused = await panel.context.newPage();
    await refused.goto(new URL('/', await panel.newAddress()).href);
    await refused.getByRole('heading', { name: en.webRefusedTitle }).waitFor();
    assert.deepEqual(await lookAt(refused, 'web-refused'), []);
    await refused.close();
    await panel.restart(async () => {
      await page.getByText(en.webLost).waitFor();
      assert.deepEqual(await lookAt(page, 'web-lost'), []);
    });
    // A node that was started again knows no sessions: a new address is needed, and is good in the same tab.
    await page.getByRole('heading', { name: en.webRefusedTitle }).waitFor();
    await page.goto(await panel.newAddress());
    await page.getByText(en.nobodyTitle).waitFor();
  });
});

describe('the screens of a full office', { skip, timeout: 240_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-screens-'));
  const colleagues: Headless[] = [];
  let panel: BrowserPanel;
  let page: Page;
  let office: FullOffice;
  let pulse: Pulse;

  before(async () => {
    office = await writeFullOffice({ profile: join(dir, 'ana') });
    pulse = await startPulse({ dir: join(dir, 'pulse') });
    const args = ['--ready', 'cold', '--microphone', 'mic', '--speaker', 'speaker'];
    panel = await BrowserPanel.start({ profile: office.profile, args, env: pulse.env });
    page = panel.page;
    await page.getByRole('button', { name: en.webUnderstood }).click();
    for (const [name, extension] of [
      ['Nour Haddad', '104'],
      ['Mei-Lin Chandrasekharan-Østergaard', '3071'],
    ] as const) {
      const profile = join(dir, extension);
      colleagues.push(
        await Headless.start({ name, extension, profile, office: office.link, interface: '127.0.0.1' }),
      );
    }
    await page.getByText(`${office.unheard} unheard`).first().waitFor();
    // Five hundred records are verified on each side first.
    for (const { api } of colleagues) {
      const { node } = await api.call('status');
      await eventually(async () => {
        const people = await panel.api.call('people');
        return people.some(({ id, presence }) => id === node?.id && presence === 'available');
      });
      await panel.api.call('setFavourite', { node: node?.id ?? '', favourite: true });
    }
    await page
      .getByRole('button', { name: /^Hold to talk to Nour Haddad, extension 104, Available/ })
      .waitFor();
  });
  after(async () => {
    await Promise.all([panel?.stop(), ...colleagues.map((colleague) => colleague.stop())]);
    await pulse?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('people and messages', async () => {
    await page
      .getByRole('button', { name: /^Favourite: /, pressed: true })
      .first()
      .waitFor();
    assert.deepEqual(await lookAt(page, 'panel-full'), []);
  });

  test('somebody is found', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('keller');
    await page.locator('#find-says.shown').waitFor();
    const wrong = await lookAt(page, 'panel-found');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('no such person');
    wrong.push(...(await lookAt(page, 'panel-found-nobody')));
    await page.keyboard.press('Escape');
    assert.equal(await page.getByLabel(en.findLabel).inputValue(), '');
    // Enter at once, before the preview is there: the number is dialled as it was pasted.
    const [person] = await panel.api.call('people');
    assert.ok(person);
    await page.getByLabel(en.findLabel).fill(`\u2068(${person.extension})\u2069`);
    await page.keyboard.press('Enter');
    await page.getByText(en.talkTarget(person.name)).waitFor();
    assert.equal((await panel.api.call('status')).talkTo?.extension, person.extension);
    assert.deepEqual(wrong, []);
  });

  test('a message is spoken, played, forwarded, deleted', async () => {
    const wrong: string[] = [];
    const { file } = speak(dir, 'This goes on for quite a while, so that there is time to look. '.repeat(6));
    const wavBase64 = readFileSync(file).toString('base64');
    await panel.api.call('setPresence', { presence: 'away' });
    const talks = colleagues[0]?.api.call('talkRecording', { dial: '101', wavBase64 });
    await page.getByText(en.speakingNow).first().waitFor();
    wrong.push(...(await lookAt(page, 'panel-spoken-to')));
    const { id } = (await talks) ?? { id: '' };
    await panel.api.call('play', { which: id });
    await page.getByRole('region', { name: en.playing }).waitFor();
    wrong.push(...(await lookAt(page, 'panel-playing')));
    await panel.api.call('playback', { action: 'stop' });
    await messages(page).nth(1).hover();
    await messages(page)
      .nth(1)
      .getByRole('button', { name: /^Forward the message/ })
      .click();
    await page.getByRole('dialog').waitFor();
    wrong.push(...(await lookAt(page, 'panel-forward')));
    await page.keyboard.press('Escape');
    await messages(page).nth(1).hover();
    await messages(page)
      .nth(1)
      .getByRole('button', { name: /^Delete the message/ })
      .click();
    await page.getByRole('button', { name: en.undo }).waitFor();
    wrong.push(...(await lookAt(page, 'panel-undo')));
    assert.deepEqual(wrong, []);
  });

  test('talking, presence', async () => {
    await page.getByRole('button', { name: /^Hold to talk to Nour Haddad/ }).focus();
    await page.keyboard.down('Space');
    await page.getByText(en.talkingTo('Nour Haddad')).waitFor();
    const wrong = await lookAt(page, 'panel-talking');
    await page.keyboard.up('Space');
    await page.getByRole('button', { name: /^Presence/ }).click();
    await page.getByRole('menu').waitFor();
    wrong.push(...(await lookAt(page, 'panel-presence')));
    await page.keyboard.press('Escape');
    assert.deepEqual(wrong, []);
  });

  test('the keypad', async () => {
    await page.getByRole('button', { name: en.keypad }).click();
    const wrong = await lookAt(page, 'keypad-empty');
    await page.keyboard.type('104');
    await page.getByText('Nour Haddad (104)').waitFor();
    await page.getByText(en.keypadPlan).click();
    wrong.push(...(await lookAt(page, 'keypad-person')));
    await page.getByLabel(en.keypadField).fill('99999');
    await page.locator('.preview.nobody').waitFor();
    wrong.push(...(await lookAt(page, 'keypad-nobody')));
    await page.keyboard.press('Escape');
    assert.deepEqual(wrong, []);
  });

  test('what a screen reader meets', async () => {
    await page.setViewportSize({ width: 400, height: 680 });
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
    await page.getByRole('button', { name: en.close }).click();
    assert.deepEqual([...lists.nameless, ...settings.nameless], []);
  });

  test('text twice as large, and no motion where none is wanted', async () => {
    try {
      for (const width of [400, 1000]) {
        await page.setViewportSize({ width, height: 680 });
        await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
        const hold = page.getByRole('button', { name: /^Hold to talk to/ }).first();
        const box = await hold.boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= width, 'who is there can still be talked to');
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(over <= 0, `${over} px run off at the side of ${width}`);
      }
      await page.emulateMedia({ reducedMotion: 'reduce' });
      const longest = await page.evaluate(() => {
        const times = [...document.querySelectorAll('*')].flatMap((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return `${transitionDuration}, ${animationDuration}`.split(', ').map((time) => parseFloat(time));
        });
        return Math.max(...times);
      });
      assert.ok(longest <= 0.01, `something moves for ${longest} s`);
    } finally {
      await page.emulateMedia({ reducedMotion: null });
      await page.evaluate(() => (document.documentElement.style.fontSize = ''));
    }
  });

  test('settings and health', async () => {
    const wrong: string[] = [];
    await page.getByRole('button', { name: en.settings }).click();
    await page.setViewportSize({ width: 400, height: 680 });
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

  test('all of it in German', async () => {
    const wrong: string[] = [];
    await panel.api.call('setSettings', { language: 'de' });
    await page.getByRole('contentinfo', { name: de.talkBar }).waitFor();
    const opener = page.getByRole('button', { name: de.settings, exact: true });
    if (await opener.isVisible()) await opener.click();
    const sections = page.getByRole('navigation', { name: de.settings });
    for (const [name, title] of Object.entries(de.sections)) {
      await page.setViewportSize({ width: 1000, height: 700 });
      const section = sections.getByRole('button', { name: title });
      if ((await section.count()) === 0) continue;
      await section.click();
      await page.getByRole('heading', { name: title, exact: true }).first().waitFor();
      wrong.push(...(await lookAt(page, `german-settings-${name}`)));
    }
    await page.getByRole('button', { name: de.close }).click();
    await page.getByRole('button', { name: new RegExp(`^${de.presenceMenu('')}`) }).click();
    await page.getByRole('menu').waitFor();
    wrong.push(...(await lookAt(page, 'german-presence')));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: de.keypad }).click();
    await page.keyboard.type('104');
    await page.getByText('Nour Haddad (104)').waitFor();
    await page.getByText(de.keypadPlan).click();
    wrong.push(...(await lookAt(page, 'german-keypad')));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page
      .getByRole('button', { name: new RegExp(`^${de.holdToTalk('Nour Haddad', '104', '')}`) })
      .focus();
    await page.keyboard.down('Space');
    await page.getByText(de.talkingTo('Nour Haddad')).waitFor();
    wrong.push(...(await lookAt(page, 'german-talking')));
    await page.keyboard.up('Space');
    await messages(page, de.messages).nth(1).hover();
    await messages(page, de.messages)
      .nth(1)
      .getByRole('button', { name: /weiterleiten/i })
      .click();
    await page.getByRole('dialog').waitFor();
    wrong.push(...(await lookAt(page, 'german-forward')));
    await page.keyboard.press('Escape');
    assert.deepEqual(wrong, []);
  });
});

async function eventually(passes: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await passes())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
