import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { panel as de } from '../../i18n/de/panel.ts';
import { panel as en } from '../../i18n/en/panel.ts';
import { writeWav } from '../../native-audio/index.ts';
import { button, lookAt, lookInGerman } from '../support/browser-look.ts';
import { missingBrowser, type BrowserPanel } from '../support/browser-panel.ts';
import { openOffice, stopAll, type Started } from '../support/colleagues.ts';
import { engineScript } from '../support/engine-script.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { SIZES } from '../support/panel-look.ts';
import {
  LIVE_POCKETSPHINX,
  missingPocketSphinx,
  PHRASES,
  rightWords,
  spokenPhrase,
} from '../support/pocketsphinx.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const skip = missingBrowser() ?? false;
/** What a meeting's engine says once it hears something, and then nothing for long. */
const SAYS = `
process.stdin.once('data', () => {
  console.log('good morning everybody');
  console.log('the parcel for the second floor has come and stands beside the door');
  console.log(JSON.stringify({ partial: 'who has the time to carry it up the' }));
});
process.stdin.resume();`;

/** Ana has a panel; Bo talks to her. */
describe('captions in the panel', { skip, timeout: 300_000 }, () => {
  const dir = tempFolder('captions');
  const started: Started[] = [];
  let ana: BrowserPanel;
  let bo: Headless;
  let page: Page;

  before(async () => {
    const office = await openOffice(started, dir, [['Bo Li', '104']]);
    ana = office.ana;
    [bo] = office.colleagues as [Headless];
    page = ana.page;
  });
  after(() => stopAll(started));

  const use = (command: string) => ana.api.call('setSettings', { captions: { command } });
  const bar = () => page.getByRole('region', { name: en.captionBar });
  const isOver = async (id: string) =>
    (await ana.api.call('messages')).find((message) => message.id === id)?.complete === true;
  const goesOn = async (wavBase64: string) => {
    const { id } = await bo.api.call('talkRecording', { dial: '101', wavBase64 });
    return {
      id,
      release: async () => {
        await bo.api.call('talkRelease');
        await eventually(() => isOver(id), 'it has ended');
      },
    };
  };

  test('what is said stands there while it is said, and nothing moves for it; it goes afterwards', async () => {
    assert.equal(await bar().count(), 0, 'captions are off unless somebody chooses them');
    await use(`"${engineScript('live', SAYS)}"`);
    await page.getByText(en.captionNothing).waitFor();
    const placesOf = async () =>
      Promise.all(
        [bar(), page.getByRole('main'), page.getByRole('contentinfo')].map((one) => one.boundingBox()),
      );
    const places = await placesOf();
    const { id, release } = await goesOn(toneWav(60_000));
    await bar().getByText('carry it up').waitFor();
    assert.equal(await isOver(id), false);
    assert.deepEqual(await placesOf(), places);
    const spoken = await bar().locator('[aria-live="polite"]').innerText();
    assert.match(spoken, /^good morning everybody the parcel .* door\s*$/);
    const wrong = await lookAt(page, 'captions');
    wrong.push(...(await lookInGerman(ana, 'german-captions')));
    await release();
    await page.getByText(en.captionNothing).waitFor();
    wrong.push(...(await lookAt(page, 'captions-nothing')));
    assert.deepEqual(wrong, []);
  });

  test(
    'PocketSphinx has right words of a voice before it has ended',
    { skip: missingPocketSphinx() ?? false },
    async () => {
      await use(LIVE_POCKETSPHINX);
      const spoken = PHRASES.flatMap((phrase) => [...spokenPhrase(dir, phrase)]);
      // Far longer than a slow computer needs for the first phrase.
      const all = Int16Array.from(Array.from({ length: 8 }, () => spoken).flat());
      const { id, release } = await goesOn(writeWav(all).toString('base64'));
      let text = '';
      await eventually(
        async () => {
          text = await bar().innerText();
          return rightWords(text, PHRASES[0]) >= 4;
        },
        () => `four right words: ${text}`,
        60_000,
      );
      assert.equal(await isOver(id), false);
      await release();
    },
  );

  test('an engine that fails says why, and the message goes on; the settings say what engines need', async () => {
    await use(`"${engineScript('live', `process.stderr.write('no model here'); process.exit(3);`)}"`);
    const { release } = await goesOn(toneWav(60_000));
    await bar().getByText('no model here').waitFor();
    const failed = await lookAt(page, 'captions-failed');
    await release();
    await page.setViewportSize(SIZES.wide);
    await button(page, en.settings).click();
    await page.getByRole('navigation').getByRole('button', { name: en.sections.sound }).click();
    const wrong = await lookAt(page, 'captions-settings', page.getByLabel(en.captioner, { exact: true }));
    await ana.api.call('setSettings', { language: 'de' });
    const choice = page.getByLabel(de.captioner, { exact: true });
    wrong.push(...(await lookAt(page, 'german-captions-settings', choice)));
    await choice.selectOption('off');
    await eventually(async () => (await ana.api.call('settings')).captions === null, 'they are off');
    await bar().waitFor({ state: 'detached' });
    assert.deepEqual([...failed, ...wrong], []);
  });
});
