import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { button } from '../support/browser-look.ts';
import { isIn, noCall } from '../support/calls.ts';
import { eventually } from '../support/eventually.ts';
import { isSounding } from '../support/messages.ts';
import { look, SCREENSHOTS } from '../support/panel-look.ts';
import { toneWav } from '../support/tone.ts';
import { OneDesktop } from './one-desktop.ts';
import { openPanel, resizePanel } from './open-panel.ts';
import { skip } from './two-desktops.ts';

const LONG_WAV = toneWav(60_000);
const CREW = 'Crew';

/** In the real app, by mouse and keyboard: what the browser's panel is tested for in more detail. */
describe('groups, several people, the queue and calls, in the app', { skip, timeout: 240_000 }, () => {
  const desk = new OneDesktop();
  let page: Page;

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await desk.start();
    page = await openPanel(desk.dana);
  });
  after(() => desk.stop());

  const reached = async () => (await desk.dana.api.call('status')).talkTo?.extension;

  /** Looks at the panel in both languages. Returns the faults. */
  async function lookAt(name: string): Promise<string[]> {
    const options = {
      resize: (size: { readonly width: number; readonly height: number }) =>
        resizePanel(desk.dana, page, size),
    };
    const wrong = await look(page, `app-${name}`, options);
    await desk.dana.api.call('setSettings', { language: 'de' });
    await page.locator('html[lang=de]').waitFor({ state: 'attached' });
    wrong.push(...(await look(page, `german-app-${name}`, options)));
    await desk.dana.api.call('setSettings', { language: null });
    await page.locator('html[lang=en]').waitFor({ state: 'attached' });
    return wrong;
  }

  test('several people are ticked, and made a group, to which one click leads the talk key', async () => {
    await button(page, /^Bo/).click();
    await eventually(async () => (await reached()) === '102', 'Bo is chosen');
    await button(page, /^Cy/).click({ modifiers: ['ControlOrMeta'] });
    await eventually(async () => (await reached()) === '102,103', 'and Cy');
    const wrong = await lookAt('several-chosen');
    await button(page, en.groupNew).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(en.groupName).fill(CREW);
    for (const name of [/^Bo\b/, /^Cy\b/]) await dialog.getByRole('checkbox', { name }).check();
    wrong.push(...(await lookAt('group-new')));
    await dialog.getByRole('button', { name: en.groupMake, exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    const [crew] = await desk.dana.api.call('groups');
    assert.equal(crew?.name, CREW);
    await button(page, new RegExp(`^${CREW}`)).click();
    await eventually(async () => (await reached()) === crew.extension, 'the talk key reaches the group');
    wrong.push(...(await lookAt('group-chosen')));
    assert.deepEqual(wrong, []);
  });

  test('who waits is named while somebody else is heard, and has the next turn', async () => {
    const { dana, bo, cy } = desk;
    const from = dana.events.length;
    const { id } = await bo.node.call('talkRecording', { dial: '101', wavBase64: LONG_WAV });
    await dana.until(isSounding(id), from);
    const next = await cy.node.call('talkRecording', { dial: '101', wavBase64: LONG_WAV });
    await page.getByText(en.queueNext('Cy')).waitFor();
    const wrong = await lookAt('queue');
    await button(page, en.queueSkip).click();
    await dana.until(isSounding(next.id), from);
    await page.getByText(en.queueNext('Cy')).waitFor({ state: 'hidden' });
    for (const { node } of [bo, cy]) await node.call('talkRelease');
    assert.deepEqual(wrong, []);
  });

  test('a call is answered, muted, held and hung up', async () => {
    const { bo } = desk;
    const call = page.getByRole('region', { name: en.callWith('Bo') });
    const from = bo.events.length;
    await bo.node.call('startCall', { dial: '101', wavBase64: LONG_WAV });
    await call.getByText(en.callComes).waitFor();
    const wrong = await lookAt('call-rings');
    await button(call, en.callAnswer).click();
    await bo.untilAfter(from, isIn('active'));
    await button(call, en.callMute).click();
    await call.getByText(en.callMuted).waitFor();
    await button(call, en.callHold).click();
    await call.getByText(en.callHeld).waitFor();
    wrong.push(...(await lookAt('call-held')));
    await button(call, en.callResume).click();
    await call.getByText(en.callHeld).waitFor({ state: 'hidden' });
    await button(call, en.callHangUp).click();
    await noCall(bo);
    assert.deepEqual(wrong, []);
  });
});
