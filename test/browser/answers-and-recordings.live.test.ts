import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { lookAt } from '../support/browser-look.ts';
import { missingBrowser, openQuietPanel, type BrowserPanel } from '../support/browser-panel.ts';
import { startColleagues } from '../support/colleagues.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { readOgg } from '../support/ogg.ts';
import { SIZES } from '../support/panel-look.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
const KIM = 'Kim Castellanos-Wetherby';

/** Ana has a panel; Bo and Kim have nodes. */
describe('calls that answer themselves, and recordings, in the panel', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('answers-and-recordings');
  const folder = join(dir, 'kept');
  const colleagues: Headless[] = [];
  let ana: BrowserPanel;
  let page: Page;

  before(async () => {
    ana = await openQuietPanel(dir, 'ana', ['--name', 'Ana Lind', '--extension', '101', '--office', 'new']);
    page = ana.page;
    const { link } = await ana.api.call('joinLink');
    await startColleagues(colleagues, dir, link, [
      ['Bo Li', '104'],
      [KIM, '3071'],
    ]);
    await eventually(
      async () =>
        (await ana.api.call('people')).filter(({ presence }) => presence === 'available').length === 2,
      'all are available',
    );
    for (const { api } of colleagues)
      await eventually(async () => (await api.call('people')).length === 2, 'everybody knows everybody');
  });
  after(async () => {
    await Promise.all([ana?.stop(), ...colleagues.map((one) => one.stop())]);
  });

  const button = (of: Page | Locator, name: string | RegExp): Locator =>
    of.getByRole('button', { name, exact: typeof name === 'string' });
  const call = (name: string) => page.getByRole('region', { name: en.callWith(name) });
  const language = (tag: 'de' | null) => ana.api.call('setSettings', { language: tag });
  const callsOf = async ({ api }: Pick<Headless, 'api'>) => (await api.call('status')).calls;
  const wavBase64 = toneWav(60_000);

  test('a switch beside the volume has a colleague’s calls answered by themselves, and the card says so', async () => {
    const [, kim] = colleagues as [Headless, Headless];
    const wrong: string[] = [];
    const person = async () => (await ana.api.call('people')).find(({ name }) => name === KIM)!;
    // An active call has such a button, too.
    const people = page.getByRole('list', { name: en.people });
    await page.getByRole('listitem').filter({ hasText: KIM }).hover();
    await button(people, en.personSound(KIM)).click();
    const choice = page.getByRole('switch', { name: en.autoAnswer });
    await choice.focus();
    await page.keyboard.press('Space');
    await eventually(async () => (await person()).isAutoAnswered, 'it is chosen');
    wrong.push(...(await lookAt(page, 'auto-answer-chosen')));
    await language('de');
    await page.getByRole('switch', { name: de.autoAnswer }).waitFor();
    wrong.push(...(await lookAt(page, 'german-auto-answer-chosen')));
    await language(null);
    await page.keyboard.press('Escape');
    await page.getByRole('listitem').filter({ hasText: KIM }).getByText(en.autoAnswered).waitFor();
    wrong.push(...(await lookAt(page, 'auto-answer-row')));

    await kim.api.call('startCall', { dial: '101', wavBase64 });
    await call(KIM).getByText(en.callAnsweredItself).waitFor();
    wrong.push(...(await lookAt(page, 'auto-answered')));
    await language('de');
    await page.getByText(de.callAnsweredItself).waitFor();
    wrong.push(...(await lookAt(page, 'german-auto-answered')));
    await language(null);
    assert.ok((await callsOf(kim))[0]?.isAutomatic, 'Kim sees it, too');
    await button(call(KIM), en.callHangUp).click();
    await call(KIM).waitFor({ state: 'hidden' });

    const { id } = (await kim.api.call('people')).find(({ extension }) => extension === '101')!;
    await kim.api.call('setAutoAnswer', { person: id, isOn: true });
    await page.getByRole('listitem').filter({ hasText: KIM }).hover();
    await button(page, en.call(KIM)).click();
    await call(KIM).getByText(en.callAnsweredThere).waitFor();
    wrong.push(...(await lookAt(page, 'auto-answered-there')));
    await button(call(KIM), en.callHangUp).click();
    await kim.api.call('setAutoAnswer', { person: id, isOn: false });
    await button(people, en.personSound(KIM)).click();
    await choice.click();
    await eventually(async () => !(await person()).isAutoAnswered, 'her calls ring again');
    await page.keyboard.press('Escape');
    assert.deepEqual(wrong, []);
  });

  test('a button in the call records it, both cards say so, and where it is kept is said afterwards', async () => {
    const [bo] = colleagues as [Headless, Headless];
    const wrong: string[] = [];
    await page.setViewportSize(SIZES.wide);
    await button(page, en.settings).click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections.sound }).click();
    const field = page.getByRole('textbox', { name: en.recordingsFolder });
    await field.fill('kept');
    await page.getByText(en.folderWrong).waitFor();
    await field.fill(folder);
    await field.press('Enter');
    await eventually(
      async () => (await ana.api.call('settings')).recordingsFolder === folder,
      'the folder is chosen',
    );
    await field.scrollIntoViewIfNeeded();
    wrong.push(...(await lookAt(page, 'recordings-folder')));
    await page.keyboard.press('Escape');
    await page.setViewportSize(SIZES.narrow);

    await bo.api.call('startCall', { dial: '101', wavBase64 });
    await button(call('Bo Li'), en.callAnswer).click();
    await call('Bo Li').getByRole('timer').waitFor();
    await button(call('Bo Li'), en.callRecord).click();
    await call('Bo Li').getByText(en.callRecorded).waitFor();
    assert.equal((await callsOf(bo))[0]?.isRecordedByThem, true);
    wrong.push(...(await lookAt(page, 'call-recorded')));
    await language('de');
    await page.getByText(de.callRecorded).waitFor();
    wrong.push(...(await lookAt(page, 'german-call-recorded')));
    await language(null);

    await bo.api.call('setSettings', { recordingsFolder: folder });
    await bo.api.call('controlCall', { action: 'record' });
    await call('Bo Li').getByText(en.callRecordedByThem('Bo Li', 1)).waitFor();
    wrong.push(...(await lookAt(page, 'call-recorded-by-both')));
    await button(call('Bo Li'), en.callRecord).click();
    await page.getByRole('region', { name: en.recordings }).waitFor();
    const file = (await ana.api.call('status')).recording?.file ?? '';
    assert.ok(file.startsWith(folder), file);
    assert.ok(readOgg(readFileSync(file)).isEnded);
    wrong.push(...(await lookAt(page, 'call-recorded-by-them')));
    await language('de');
    await page.getByText(de.callRecordedByThem('Bo Li', 1)).waitFor();
    wrong.push(...(await lookAt(page, 'german-call-recorded-by-them')));
    await language(null);
    await button(call('Bo Li'), en.callHangUp).click();
    await call('Bo Li').waitFor({ state: 'hidden' });
    await button(page, en.recordingForget).click();
    await page.getByRole('region', { name: en.recordings }).waitFor({ state: 'hidden' });
    assert.deepEqual(wrong, []);
  });

  test('whom one records in a call of several is told, each of them', async () => {
    const [bo, kim] = colleagues as [Headless, Headless];
    const wrong: string[] = [];
    await bo.api.call('startCall', { dial: '101', wavBase64 });
    await button(call('Bo Li'), en.callAnswer).click();
    await call('Bo Li').getByRole('timer').waitFor();
    const { id: kims } = (await ana.api.call('people')).find(({ name }) => name === KIM)!;
    const [with_] = await callsOf(ana);
    await ana.api.call('startCall', { person: kims, into: with_!.id, wavBase64 });
    await eventually(async () => (await callsOf(kim)).some(({ state }) => state === 'ringing'), 'it rings');
    await kim.api.call('controlCall', { action: 'answer', wavBase64 });
    await page.getByText(en.callOfSeveral(3)).waitFor();
    await button(page, en.callRecord).click();
    await page.getByText(en.callRecorded).waitFor();
    for (const one of [bo, kim])
      await eventually(
        async () => (await callsOf(one)).some(({ isRecordedByThem }) => isRecordedByThem),
        'each is told',
      );
    wrong.push(...(await lookAt(page, 'call-of-three-recorded')));
    await button(page, en.callHangUp).click();
    await page.getByRole('region', { name: en.recordings }).waitFor();
    await button(page, en.recordingForget).click();
    assert.deepEqual(wrong, []);
  });
});
