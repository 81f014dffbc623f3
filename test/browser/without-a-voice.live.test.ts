import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { systemVoices, Voices, WorkFolder } from '../../main/speech/index.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { presets } from '../../i18n/en/shared.ts';
import { button, lookAt, lookInGerman, messageRows } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { NOT_HEARD } from '../support/calls.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { heardShare } from '../support/correlate.ts';
import { engineScript } from '../support/engine-script.ts';
import { eventually } from '../support/eventually.ts';
import { saysNothing, type Headless } from '../support/headless.ts';
import { heardIn } from '../support/messages.ts';
import { missingSpeech } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? missingSpeech() ?? false;
const BO = 'Bo Li';
const PAGED = 'The parcel is here: second floor, next to the lift.';
const SAID = 'Are you coming? We begin in a minute.';

/** Ana’s computer has no microphone. Bo has a node. */
describe('who has no voice at the moment', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('without-a-voice');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let bo: Headless;
  let page: Page;

  before(async () => {
    const office = await openOffice(started, dir, [
      [BO, '104'],
      ['Kim Castellanos-Wetherby', '3071'],
    ]);
    ana = office.ana;
    [bo] = office.colleagues as [Headless, Headless];
    page = ana.page;
  });
  after(() => stopAll(started));

  const lastAt = async ({ api }: Started) => (await api.call('messages'))[0];

  test('pages a colleague without a microphone, who hears it at once', async () => {
    await ana.api.call('setSettings', { microphone: 'a microphone that is not there' });
    await ana.api.call('dial', { dial: '104' });
    await ana.api.call('talkPress', { dial: '104' }).catch(() => undefined);
    await eventually(
      async () => (await ana.api.call('status')).troubles.some(({ code }) => code === 'microphone'),
      'she cannot talk, and is told so',
    );
    await ana.api.call('talkRelease', {});
    await saysNothing(ana);
    await button(page, en.typeInstead).click();
    await button(page, en.typedAsPage).click();
    const line = page.getByRole('textbox', { name: en.typePageTo(BO), exact: true });
    await line.fill(PAGED);
    await page.getByText(en.typedPageIsHeard(BO)).waitFor();
    const wrong = await lookAt(page, 'paging-without-a-microphone');
    await line.press('Enter');
    await eventually(async () => (await lastAt(bo))?.words?.text === PAGED, 'Bo can read it');
    const { page: paged, id } = (await lastAt(bo))!;
    assert.equal(paged?.isToAll, false);
    await eventually(async () => (await lastAt(ana))?.recipients[0]?.state === 'heard', 'Ana knows that');
    assert.equal((await lastAt(ana))?.id, id);
    const voices = new Voices(systemVoices(new WorkFolder(join(dir, 'voices'))));
    const voice = await voices.speak(PAGED, { language: 'en' }, new AbortController().signal);
    const share = heardShare(voice, await heardIn(join(dir, '104.wav'), BO));
    assert.ok(share > NOT_HEARD, `Bo hears the voice: ${share}`);
    assert.deepEqual(wrong, []);
  });

  test('reads in a meeting what was said, and answers with a sentence at hand', async () => {
    await saysNothing(ana);
    const engine = engineScript('engine', `process.stdout.write(${JSON.stringify(SAID)});`);
    await ana.api.call('setSettings', { recogniser: { command: `"${engine}"` } });
    await ana.api.call('setPresence', { presence: 'dnd' });
    const { id } = await bo.api.call('talkRecording', { dial: '101', wavBase64: toneWav(3000) });
    const row = messageRows(page).filter({ hasText: SAID });
    await row.waitFor();
    assert.equal(
      ana.events.some((event) => event.type === 'sounding' && event.id === id),
      false,
      'nothing sounds in the meeting',
    );
    await row.hover();
    await button(row, en.typeTo(BO)).click();
    await page.getByRole('textbox', { name: en.typeTo(BO), exact: true }).waitFor();
    const wrong = await lookAt(page, 'reading-in-a-meeting');
    wrong.push(...(await lookInGerman(ana, 'german-reading-in-a-meeting')));
    await button(page, presets[1]).click();
    await eventually(async () => (await lastAt(bo))?.words?.text === presets[1], 'Bo reads the answer');
    assert.deepEqual(wrong, []);
  });
});
