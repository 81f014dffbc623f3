import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { panel as en } from '../../i18n/en/panel.ts';
import { writeWav } from '../../native-audio/index.ts';
import { heardShare } from '../support/correlate.ts';
import { engineScript } from '../support/engine-script.ts';
import { eventually } from '../support/eventually.ts';
import { Headless } from '../support/headless.ts';
import { speak, type Speech } from '../support/speech.ts';
import { ROOT } from './desktop-app.ts';
import { OneDesktop } from './one-desktop.ts';
import { PIECE_AGREES, SAME_SPEECH, skip } from './two-desktops.ts';

/** The hint by which the desktop plays no sound of its own. */
const SILENT = /"suppress-sound"\s+variant\s+boolean true/;
/** The id of a notification that is on the screen. */
const REPLACES = /uint32 [1-9]\d*/;
/** As markup. */
const FIRST_WORDS = '“&lt;b&gt;The&lt;/b&gt; parcel is here, on the second floor.”';
const SCREENSHOTS = join(ROOT, 'test-results', 'screenshots');

describe('notifications with buttons', { skip, timeout: 150_000 }, () => {
  const desk = new OneDesktop();
  let speech: Speech;
  let short: Speech;

  before(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await desk.start();
    speech = speak(desk.dir, 'The printer is out of paper.');
    short = speak(desk.dir, 'Hi.');
    await desk.dana.api.call('setPresence', { presence: 'away' });
    await eventually(
      async () => (await desk.bo.node.call('people')).some(({ presence }) => presence === 'away'),
      'Bo sees that Dana is away',
    );
  });
  after(() => desk.stop());

  test('Later withdraws the notification and leaves the message unheard', async () => {
    const { dana } = desk;
    await say(short);
    await shown(1);
    await dana.desk.picture(join(SCREENSHOTS, 'notification-actions.png'));
    await dana.desk.chooseAction('Later');
    await shown(0);
    assert.equal((await dana.api.call('status')).unheard, 1);
    await deleteAll();
  });

  test('Play plays the message through the loudspeaker and opens no window', async () => {
    const { dana } = desk;
    await say(speech);
    await shown(1);
    await eventually(
      async () => (await dana.api.call('messages'))[0]?.complete === true,
      'the message is complete',
    );
    const recording = await dana.pulse.record();
    const from = dana.events.length;
    await dana.desk.chooseAction('Play');
    await dana.until((event) => event.type === 'playback' && event.playback === null, from);
    const heard = heardShare(speech.samples, await recording.stop(), PIECE_AGREES);
    assert.ok(heard > SAME_SPEECH, `${heard} of the message was heard`);
    await shown(0);
    assert.equal(await dana.visibleWindows(), 0);
  });

  test('Reply begins a talk to the talker, and a notification says so and ends it', async () => {
    const { dana } = desk;
    await say(short);
    await shown(1);
    const from = dana.events.length;
    await dana.desk.chooseAction('Reply');
    await dana.until((event) => event.type === 'capturing', from);
    assert.equal((await dana.api.call('status')).talking?.to, '102');
    await dana.desk.chooseAction('Stop talking');
    await dana.until((event) => event.type === 'talk' && event.talk === null, from);
    await deleteAll();
    await shown(0);
  });

  test('ten missed messages share one notification, and a click plays them one after the other', async () => {
    const { dana } = desk;
    for (let n = 0; n < 10; n += 1) await say(short);
    await eventually(async () => (await dana.api.call('status')).unheard === 10, 'ten are unheard');
    await shown(1);
    await dana.desk.picture(join(SCREENSHOTS, 'notification-ten.png'));
    const from = dana.events.length;
    await dana.desk.run('dunstctl', 'action', '0');
    const playing = await dana.until(
      (event) => event.type === 'playback' && event.playback !== null && event.playback.following === 9,
      from,
    );
    assert.ok(playing);
    await deleteAll();
    await shown(0);
  });

  test('somebody who asks to join is notified of, and a click shows the request and lets nobody in', async (t) => {
    const { dana } = desk;
    const guest = await Headless.start({ interface: '127.0.0.1' });
    t.after(() => guest.stop());
    const { tag } = (await dana.api.call('members')).office;
    await eventually(
      async () => (await guest.api.call('offices')).some((office) => office.tag === tag),
      'the guest sees the office',
    );
    await dana.api.call('letSomebodyIn', { isOpen: true });
    await guest.api.call('askToJoin', { tag, name: 'Eva' });
    await shown(1);
    await dana.desk.picture(join(SCREENSHOTS, 'notification-request.png'));
    const opened = dana.inside.firstWindow();
    await dana.desk.chooseAction('Look');
    const page = await opened;
    await page.getByRole('dialog', { name: en.requestsTitle }).waitFor();
    assert.equal((await dana.api.call('members')).people.length, 3);
    await page.getByRole('button', { name: en.requestRefuse, exact: true }).click();
    await shown(0);
    await page.keyboard.press('Escape');
  });

  test('a message may sound; a call that does not ring because its caller is muted is silent', async () => {
    const { dana, bo } = desk;
    const asked = await dana.desk.watchNotifications();
    const isSilentCall = (request: string) => request.includes('Bo (102) is calling') && SILENT.test(request);
    await say(short);
    await shown(1);
    await eventually(() => asked().length > 0, 'the message asks for a notification');
    // What it says once the message has ended takes its place, in silence.
    assert.doesNotMatch(asked()[0] ?? '', SILENT);
    await deleteAll();
    await shown(0);
    await dana.api.call('setPresence', { presence: 'available' });
    const { id: bos } = (await dana.api.call('people')).find(({ extension }) => extension === '102')!;
    await dana.api.call('mute', { person: bos, until: 'tomorrow' });
    const wavBase64 = writeWav(short.samples).toString('base64');
    await bo.node.call('startCall', { dial: '101', wavBase64 });
    await shown(1);
    await eventually(() => asked().some(isSilentCall), 'the call asks for a silent notification');
    await dana.desk.chooseAction('Later');
    await eventually(async () => (await dana.api.call('status')).missedCalls.length > 0, 'it is missed');
    await dana.api.call('forgetMissedCalls', {});
    await shown(0);
    await dana.api.call('mute', { person: bos, until: null });
    await dana.api.call('setPresence', { presence: 'away' });
  });

  test('Answer on the notification of a call answers it, and Later puts it off', async () => {
    const { dana, bo } = desk;
    await dana.api.call('setPresence', { presence: 'available' });
    await eventually(
      async () => (await bo.node.call('people')).some(({ presence }) => presence === 'available'),
      'Bo sees that Dana is available',
    );
    const wavBase64 = writeWav(speech.samples).toString('base64');
    await bo.node.call('startCall', { dial: '101', wavBase64 });
    await shown(1);
    await dana.desk.picture(join(SCREENSHOTS, 'notification-call.png'));
    await dana.desk.chooseAction('Answer');
    await eventually(
      async () => (await bo.node.call('status')).calls[0]?.state === 'active',
      'Bo speaks with Dana',
    );
    await shown(0);
    await bo.node.call('controlCall', { action: 'hang-up' });
    await bo.node.call('startCall', { dial: '101', wavBase64 });
    await shown(1);
    await dana.desk.chooseAction('Later');
    await eventually(
      async () => (await bo.node.call('status')).calls[0]?.reason === 'declined',
      'Bo sees that she declined',
    );
    await bo.node.call('controlCall', { action: 'hang-up' });
    await dana.api.call('forgetMissedCalls', {});
    await shown(0);
    await dana.api.call('setPresence', { presence: 'away' });
  });

  test('the first words of a message come into its notification, which is not raised anew', async (t) => {
    const { dana } = desk;
    const asked = await dana.desk.watchNotifications();
    const gate = join(desk.dir, 'understood');
    const recogniser = { command: `"${engineScript('engine', saysWhatIsIn(gate))}"` };
    await dana.api.call('setSettings', { recogniser });
    t.after(() => dana.api.call('setSettings', { recogniser: null }));
    await say(short);
    await shown(1);
    writeFileSync(gate, '<b>The</b> parcel is here, on the second floor.');
    const saysIt = () => asked().find((request) => request.includes(FIRST_WORDS));
    await eventually(() => saysIt() !== undefined, 'the notification says what was understood');
    const last = saysIt()!;
    assert.match(last, REPLACES, 'it takes the place of the other one');
    assert.match(last, SILENT);
    await shown(1);
    await dana.desk.picture(join(SCREENSHOTS, 'notification-transcript.png'));
    await deleteAll();
    await shown(0);

    rmSync(gate);
    await say(short);
    await shown(1);
    await eventually(async () => (await dana.api.call('messages'))[0]?.complete === true, 'it is whole');
    await dana.desk.run('dunstctl', 'close');
    await shown(0);
    const before = asked().length;
    writeFileSync(gate, 'Nobody is told of this.');
    await eventually(
      async () => (await dana.api.call('messages'))[0]?.transcript?.text === 'Nobody is told of this.',
      'it was understood',
    );
    // The next one comes after whatever was asked for before.
    await say(short);
    await shown(1);
    const since = asked().slice(before).join('\n');
    assert.ok(!since.includes('Nobody is told'), since);
    await deleteAll();
  });

  test('do not disturb shows none until it ends, and then one for all; the setting turns them off', async () => {
    const { dana } = desk;
    await dana.api.call('setPresence', { presence: 'dnd' });
    await say(short);
    await say(short);
    await eventually(async () => (await dana.api.call('status')).unheard === 2, 'two are unheard');
    assert.equal(await dana.desk.notifications(), 0);
    await dana.api.call('setPresence', { presence: 'away' });
    await shown(1);
    await dana.api.call('setSettings', { notifications: false });
    await shown(0);
  });

  test('a call that answers itself says who is on, whatever the setting, and one click hangs up', async () => {
    const { dana, bo } = desk;
    await deleteAll();
    await dana.api.call('setPresence', { presence: 'available' });
    const bos = (await dana.api.call('people')).find(({ extension }) => extension === '102')!;
    await dana.api.call('setAutoAnswer', { person: bos.id, isOn: true });
    await dana.api.call('computer', { event: 'active' });
    const wavBase64 = writeWav(speech.samples).toString('base64');
    await bo.node.call('startCall', { dial: '101', wavBase64 });
    await bo.untilSo(
      (event) =>
        event.type === 'status' &&
        event.status.calls.some(({ state, isAutomatic }) => state === 'active' && isAutomatic),
    );
    await shown(1);
    await dana.desk.picture(join(SCREENSHOTS, 'notification-answered-itself.png'));
    await dana.desk.chooseAction('Hang up');
    await eventually(async () => (await bo.node.call('status')).calls.length === 0, 'Bo is in no call');
    await shown(0);
    await dana.api.call('setAutoAnswer', { person: bos.id, isOn: false });
  });

  async function say({ samples }: Speech): Promise<void> {
    const wavBase64 = writeWav(samples).toString('base64');
    await desk.bo.node.call('talkRecording', { dial: '101', wavBase64 });
    // A person says one message after the other.
    await eventually(async () => (await desk.bo.node.call('status')).talking === null, 'Bo has finished');
  }

  /** The body of an engine that understands what is in that file, once it is there. */
  function saysWhatIsIn(path: string): string {
    return `const { existsSync, readFileSync } = require('node:fs');
      setInterval(() => {
        if (!existsSync(${JSON.stringify(path)})) return;
        process.stdout.write(readFileSync(${JSON.stringify(path)}));
        process.exit();
      }, 20);`;
  }

  const deleteAll = () => desk.deleteAll();
  const shown = (count: number) => desk.shown(count);
});
