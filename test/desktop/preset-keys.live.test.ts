import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { desktop as words } from '../../i18n/en/desktop.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import type { Member } from '../support/office.ts';
import { look, SCREENSHOTS, SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { Keyboard } from './keyboard.ts';
import { OneDesktop } from './one-desktop.ts';
import { openPanel, resizePanel } from './open-panel.ts';
import { skip } from './two-desktops.ts';

const PRESETS = ['On my way', 'Not today'];
const MARK = 'Seen after all others';
const talkEnded = (event: NodeEvent) => event.type === 'talk' && event.talk === null;

describe('keys that send a sentence at hand', { skip, timeout: 180_000 }, () => {
  const desk = new OneDesktop();
  /** Comes before all other folders in which Dana’s computer looks for programs. */
  const first = tempFolder('programs');
  let keyboard: Keyboard;

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await desk.start({ env: { PATH: `${first}${delimiter}${process.env['PATH']}` } });
    keyboard = new Keyboard(desk.dana);
    const presetKeys = [
      { preset: 1, key: 'F6' },
      { preset: 2, key: 'F8' },
    ];
    await desk.dana.api.call('setSettings', { presets: PRESETS, presetKeys });
    await desk.dana.api.call('dial', { dial: '102' });
  });
  after(() => desk.stop());

  test('one press sends it to whom the talk key reaches, and a notification says what went to whom', async () => {
    const { dana, bo, cy } = desk;
    const asked = await dana.desk.watchNotifications();
    const before = await cy.node.call('messages');
    await sent('F6', bo, 'On my way');
    await eventually(
      () => asked().some((request) => request.includes(words.presetSent('On my way', 'Bo'))),
      'a notification says it',
    );
    await dana.desk.picture(join(SCREENSHOTS, 'preset-sent.png'));
    assert.deepEqual(await cy.node.call('messages'), before);
  });

  test('who spoke just now gets it instead', async () => {
    const { dana, bo, cy } = desk;
    const before = (await bo.node.call('messages')).length;
    const from = dana.events.length;
    const { id } = await cy.node.call('talkText', { dial: '101', text: 'Are you there?' });
    await dana.until((event) => event.type === 'sounding' && event.id === id, from);
    await sent('F8', cy, 'Not today');
    assert.equal((await bo.node.call('messages')).length, before, 'Bo gets nothing');
  });

  test('the panel that is open shows it itself, and a place without a sentence says so', async () => {
    const { dana, bo } = desk;
    await dana.api.call('setSettings', { presets: ['On my way'] });
    await dana.desk.run('dunstctl', 'close-all');
    const asked = await dana.desk.watchNotifications();
    await keyboard.tap('F8');
    await eventually(
      () => asked().some((request) => request.includes('There is no sentence 2')),
      'a notification says so',
    );
    await eventually(
      async () => (await dana.api.call('status')).talkTo?.name === 'Bo',
      'the moment to answer Cy is over',
    );
    const page = await openPanel(dana);
    const already = asked().length;
    await sent('F6', bo, 'On my way');
    await page.getByRole('contentinfo').getByText(en.wordsTo('On my way', 'Bo')).waitFor();
    assert.deepEqual(await lookAt(page, 'app-preset-sent'), []);
    // One that the test makes itself is seen after all that the app may have made.
    await dana.desk.run('notify-send', MARK);
    await eventually(() => asked().some((request) => request.includes(MARK)), 'the mark is seen');
    const others = asked()
      .slice(already)
      .filter((request) => !request.includes(MARK));
    assert.deepEqual(others, [], 'no notification');
  });

  test('beside its key a sentence says before that no voice of this computer speaks it', async () => {
    const { dana } = desk;
    await dana.api.call('setSettings', { presets: PRESETS });
    const programs = ['espeak-ng', 'espeak'].map((name) => join(first, name));
    for (const program of programs) writeFileSync(program, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    assert.deepEqual((await dana.api.call('voices', { again: true })).voices, []);
    const page = await openPanel(dana);
    await openKeys(page);
    await page.getByText(en.presetIsRead).nth(1).waitFor();
    assert.deepEqual(await lookAt(page, 'app-preset-keys-without-a-voice'), []);
    for (const program of programs) rmSync(program);
    await dana.api.call('voices', { again: true });
    await page.getByRole('button', { name: en.close }).click();
  });

  test('a person chooses the key of each sentence in the settings, and a taken one is refused', async () => {
    const { dana } = desk;
    await dana.api.call('setSettings', { presets: PRESETS });
    const page = await openPanel(dana);
    await openKeys(page);
    const label = en.presetKeyFor(en.presetQuoted('Not today'));
    const change = page.getByRole('button', { name: `${en.keyChange}: ${label}` });
    await change.click();
    await page.keyboard.press('F6');
    await page.getByText('F6 is the key for sentence 1 already.').waitFor();
    await resizePanel(dana, page, SIZES.narrow);
    await page.getByText(en.presetKeysHint).scrollIntoViewIfNeeded();
    const wrong = await lookAt(page, 'app-preset-keys');
    await change.click();
    await page.keyboard.press('Control+Alt+k');
    await eventually(
      async () =>
        (await dana.api.call('settings')).presetKeys.some(
          ({ preset, key }) => preset === 2 && key === 'Ctrl+Alt+K',
        ),
      'the key is kept',
    );
    await dana.api.call('setSettings', { language: 'de' });
    await resizePanel(dana, page, SIZES.narrow);
    await page.getByText(de.presetKeysHint).scrollIntoViewIfNeeded();
    wrong.push(...(await lookAt(page, 'german-app-preset-keys')));
    assert.deepEqual(wrong, []);
  });

  /** Presses the key once, and waits until that person has the sentence and the talk is over. */
  async function sent(key: string, to: Member, text: string): Promise<void> {
    const { dana } = desk;
    const from = dana.events.length;
    await keyboard.tap(key);
    const told = await dana.until((event) => event.type === 'preset-sent', from);
    assert.ok(told.type === 'preset-sent' && told.names.join() === to.name, JSON.stringify(told));
    if (told.isSpoken) await dana.until(talkEnded, from);
    await eventually(
      async () =>
        (await to.node.call('messages')).some(
          (message) => message.id === told.id && message.words?.text === text,
        ),
      `${to.name} has the sentence`,
    );
  }

  async function openKeys(page: Page): Promise<void> {
    await page.getByRole('button', { name: en.settings }).click();
    await page
      .getByRole('navigation', { name: en.settings })
      .getByRole('button', { name: en.sections.keys })
      .click();
  }

  function lookAt(page: Page, name: string): Promise<string[]> {
    return look(page, name, { resize: (size) => resizePanel(desk.dana, page, size) });
  }
});
