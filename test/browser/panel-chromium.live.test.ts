import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import { messageRows } from '../support/browser-look.ts';
import { asPerson, BrowserPanel, missingBrowser } from '../support/browser-panel.ts';
import { heardShare } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { missingPulse, startPulse, type Pulse } from '../support/pulse.ts';
import { missingSpeech, speak, type Speech } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingBrowser() ?? missingPulse() ?? missingSpeech() ?? false;
/** Live speech of another text is this much like it by chance: 0.1. */
const HEARD = 0.5;
/** Speech that was hurried to catch up is not the same samples; this much of it is heard at its own pace afterwards. */
const HEARD_AFTER_CATCHING_UP = 0.35;
/** How far a message has been spoken when somebody begins to play it, ms. */
const BEHIND_MS = 1500;
/** Percent of the level meter that only speech reaches. */
const SPEECH_LEVEL = 30;
/** One step of the arrow keys in a message, ms. */
const STEP_MS = 1000;

/** Ana's panel in a browser, by mouse, finger and key, with real sound. Dana's node has no window. */
describe('the panel in Chromium', { skip, timeout: 240_000 }, () => {
  const dir = tempFolder('chromium');
  let pulse: Pulse;
  let ana: BrowserPanel;
  let page: Page;
  let dana: Headless;
  let question: Speech;
  let story: Speech;

  before(async () => {
    pulse = await startPulse({ dir: join(dir, 'pulse'), names: ['elsewhere'] });
    await pulse.loadSink('elsewhere');
    question = speak(dir, 'The delivery is here, who can sign for it?');
    story = speak(
      dir,
      'Good morning. The visitors from the harbour are early, they wait downstairs, and they have brought far more boxes than we have room for.',
    );
    const office = asPerson('Ana Lind', '101', 'new');
    ana = await BrowserPanel.start({
      profile: join(dir, 'ana'),
      args: [...office, '--microphone', 'mic', '--speaker', 'elsewhere'],
      env: pulse.env,
      hasTouch: true,
    });
    page = ana.page;
    const { link } = await ana.api.call('joinLink');
    dana = await Headless.start({
      name: 'Dana Ruiz',
      extension: '204',
      office: link,
      interface: '127.0.0.1',
      env: pulse.env,
      speaker: 'speaker',
      profile: join(dir, 'dana'),
    });
    await button(en.webUnderstood).click();
    await button(/^Hold to talk to Dana Ruiz, extension 204, Available/).waitFor();
    const id = await speakToAbsentAna(story);
    await ana.told((event) => event.type === 'message' && event.message.id === id && event.message.complete);
  });
  after(async () => {
    await Promise.all([ana?.stop(), dana?.stop()]);
    await pulse?.stop();
  });

  beforeEach(async () => {
    await ana.api.call('playback', { action: 'stop' });
    await ana.api.call('setPresence', { presence: 'available' });
    await ana.api.call('setSettings', { language: null, tones: true });
    await page.reload();
    await holdDana().waitFor();
  });
  afterEach(() => assert.deepEqual(ana.complaints, []));

  const button = (name: string | RegExp): Locator => page.getByRole('button', { name });
  const holdDana = (): Locator => button(/^Hold to talk to Dana Ruiz/);
  /** The row of the latest message that Dana spoke. */
  const ofDana = (): Locator =>
    messageRows(page)
      .filter({ has: button(/the message of Dana Ruiz/) })
      .first();
  const playing = async () => (await ana.api.call('status')).playing;

  test('an address opens the panel in one browser once, and its token is not left in the address bar', async () => {
    const address = await ana.newAddress();
    const first = await ana.context.newPage();
    await first.goto(address);
    const list = first.getByRole('button', { name: /^Hold to talk to Dana Ruiz/ });
    await list.waitFor();
    assert.equal(new URL(first.url()).hash, '');
    const again = await ana.context.newPage();
    await again.goto(address);
    await again.getByRole('heading', { name: en.webRefusedTitle }).waitFor();
    await first.reload();
    await list.waitFor();
    await first.close();
    await again.close();
  });

  test('Ana holds a row with the mouse: the level moves, Dana hears her, and the panel says so', async () => {
    const box = await holdDana().boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const level = page.getByRole('meter', { name: en.youAreHeard });
    const heard = await heardWhile(
      () => page.mouse.down(),
      async () => {
        await page.mouse.move(20, 600);
        await page.mouse.up();
      },
      async () => {
        await page.getByText(en.talkingTo('Dana Ruiz')).waitFor();
        await eventually(
          async () => Number(await level.getAttribute('aria-valuenow')) > SPEECH_LEVEL,
          'the level moves',
        );
        await page.getByText(en.recipient.hearing).first().waitFor();
      },
    );
    assert.ok(heard > HEARD, `${heard} was heard`);
    await page
      .getByRole('contentinfo')
      .getByText(/To Dana Ruiz.*(Stored on|Heard)/)
      .waitFor();
  });

  test('Ana holds a row with a finger, and Dana hears her', async () => {
    const box = await holdDana().boundingBox();
    assert.ok(box);
    const touch = await page.context().newCDPSession(page);
    const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const heard = await heardWhile(
      () => touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] }),
      () => touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] }),
    );
    assert.ok(heard > HEARD, `${heard} was heard`);
  });

  test('Ana holds a row with a key, and Dana hears her', async () => {
    await holdDana().focus();
    const heard = await heardWhile(
      () => page.keyboard.down('Space'),
      () => page.keyboard.up('Space'),
    );
    assert.ok(heard > HEARD, `${heard} was heard`);
  });

  test('a page that is closed with the key held ends its talk', async () => {
    const other = await ana.context.newPage();
    await other.goto(await ana.newAddress());
    const hold = other.getByRole('button', { name: /^Hold to talk to Dana Ruiz/ });
    await hold.focus();
    await other.keyboard.down('Space');
    await eventually(async () => (await ana.api.call('status')).talking !== null, 'the talk begins');
    await other.close();
    await eventually(async () => (await ana.api.call('status')).talking === null, 'the talk ends');
  });

  test('Ana plays a message that Dana still speaks: it is on top, and it catches up with her', async () => {
    const recording = await pulse.record('elsewhere.monitor');
    const seen = ana.events.length;
    const id = await speakToAbsentAna(story);
    await messageRows(page).first().getByText(en.speakingNow).waitFor();
    await ana.told(
      (event) => event.type === 'message' && event.message.id === id && event.message.durationMs >= BEHIND_MS,
      seen,
    );
    await ofDana()
      .getByRole('button', { name: /Play the message of Dana Ruiz/ })
      .click();
    const live = await ana.told(
      (event) => event.type === 'playback' && event.playback?.state === 'live',
      seen,
    );
    const spoken = await ana.told(
      (event) => event.type === 'message' && event.message.id === id && !event.message.live,
      seen,
    );
    assert.ok(live.at < spoken.at, 'it is live before the last word');
    await ana.told((event) => event.type === 'playback' && event.playback === null, ana.events.indexOf(live));
    const heard = heardShare(story.samples, await recording.stop());
    assert.ok(heard > HEARD_AFTER_CATCHING_UP, `${heard} was heard`);
  });

  test('Ana plays a message faster, and from another place', async () => {
    await ofDana()
      .getByRole('button', { name: /Play the message of Dana Ruiz/ })
      .click();
    await button(en.speed('1×')).click();
    await button(en.speed('1.5×')).waitFor();
    assert.equal((await playing())?.speed, 1.5);
    // What is paused moves by the keys alone.
    await ana.api.call('playback', { action: 'pause' });
    await ofDana()
      .getByRole('slider', { name: /^Position in the message of Dana Ruiz/ })
      .focus();
    await page.keyboard.press('Home');
    await eventually(async () => (await playing())?.positionMs === 0, 'it is at the beginning');
    await page.keyboard.press('ArrowRight');
    // A step from where the page knew it to be: the key may come before the page is told of the beginning.
    await eventually(
      async () => ((await playing())?.positionMs ?? 0) >= STEP_MS,
      'it is at least one step from the beginning',
    );
    await page.keyboard.press('Escape');
    await eventually(async () => (await playing()) === null, 'it stops');
  });

  test('Ana deletes a message, and takes it back', async () => {
    const many = (await ana.api.call('messages')).length;
    // A click on the words shows what can be done with the message, also where there is no hovering.
    await ofDana().getByText('Dana Ruiz', { exact: true }).click();
    await ofDana()
      .getByRole('button', { name: /^Delete the message of Dana Ruiz/ })
      .click();
    await eventually(async () => (await ana.api.call('messages')).length === many - 1, 'it is gone');
    await button(en.undo).click();
    await eventually(async () => (await ana.api.call('messages')).length === many, 'it is back');
    await ofDana()
      .getByRole('button', { name: /Play the message of Dana Ruiz/ })
      .waitFor();
  });

  test('where nobody takes a call, Ana leaves a message in the same place, without dialling again', async () => {
    const call = page.getByRole('region', { name: en.callWith('Dana Ruiz') });
    await page.locator('#find').fill('*80204');
    await page.locator('#find').press('Enter');
    await eventually(
      async () => (await dana.api.call('status')).calls.some(({ isIncoming }) => isIncoming),
      'it rings at Dana’s',
    );
    await dana.api.call('controlCall', { action: 'hang-up' });
    const leave = call.getByRole('button', { name: en.callLeave, exact: true });
    await leave.waitFor();
    const box = await leave.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const before = new Set((await dana.api.call('messages')).map(({ id }) => id));
    const heard = await heardWhile(
      () => page.mouse.down(),
      () => page.mouse.up(),
    );
    assert.ok(heard > HEARD, `${heard} was heard`);
    const arrived = (await dana.api.call('messages')).filter(({ id }) => !before.has(id));
    assert.deepEqual(
      arrived.map(({ name, complete }) => [name, complete]),
      [['Ana Lind', true]],
    );
    assert.deepEqual((await dana.api.call('status')).calls, [], 'nothing rings again');
    await call.getByRole('button', { name: en.callDismiss }).click();
    await call.waitFor({ state: 'hidden' });
    await dana.api.call('forgetMissedCalls', {});
  });

  test('Ana changes the language and the tones in the settings, and closes them with Escape', async () => {
    await button(en.settings).click();
    await button(en.sections.general).click();
    await page.getByLabel(en.language).selectOption({ label: 'Deutsch' });
    await page.getByRole('heading', { name: 'Allgemein' }).waitFor();
    assert.equal((await ana.api.call('settings')).language, 'de');
    await ana.api.call('setSettings', { language: null });
    await page.getByRole('heading', { name: en.sections.general }).waitFor();
    await page.keyboard.press('Escape');
    await button(en.sections.sound).click();
    await page.getByRole('switch', { name: en.tones }).uncheck();
    await eventually(async () => !(await ana.api.call('settings')).tones, 'tones are off');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await holdDana().waitFor();
  });

  /** Dana begins to speak to Ana, who is away. Resolves with the message's id. */
  async function speakToAbsentAna({ file }: Speech): Promise<string> {
    await ana.api.call('setPresence', { presence: 'away' });
    await eventually(
      async () => (await dana.api.call('people')).some(({ presence }) => presence === 'away'),
      'Dana knows that Ana is away',
    );
    const wavBase64 = readFileSync(file).toString('base64');
    return (await dana.api.call('talkRecording', { dial: '101', wavBase64 })).id;
  }

  /** Holds something while speech is played into the microphone; how much of it Dana's loudspeaker gave out, 0 to 1. */
  async function heardWhile(
    press: () => Promise<unknown>,
    release: () => Promise<unknown>,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<number> {
    const recording = await pulse.record();
    const seen = ana.events.length;
    await press();
    const { id } = (await ana.told((event) => event.type === 'capturing', seen)) as { readonly id: string };
    const speaking = pulse.play(question.file);
    await meanwhile();
    await speaking.done;
    await release();
    // Dana's node signs that it was heard when the last of it has been played.
    await ana.told(
      (event) =>
        event.type === 'message' &&
        event.message.id === id &&
        event.message.recipients.some(({ state }) => state === 'heard'),
      seen,
    );
    return heardShare(question.samples, await recording.stop());
  }
});
