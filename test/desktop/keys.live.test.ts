import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import { readWav, writeWav } from '../../native-audio/index.ts';
import { heardShare } from '../support/correlate.ts';
import { eventually } from '../support/eventually.ts';
import type { Member } from '../support/office.ts';
import { speak, type Speech } from '../support/speech.ts';
import { Keyboard } from './keyboard.ts';
import { eventsOf, OneDesktop } from './one-desktop.ts';
import { openPanel } from './open-panel.ts';
import { PIECE_AGREES, SAME_SPEECH, skip } from './two-desktops.ts';

const KEYS = {
  talkKey: 'F9',
  replyKey: 'F7',
  playNextKey: 'Ctrl+Alt+N',
  personKeys: [{ extension: '103', key: 'F10' }],
};
const talkEnded = (event: NodeEvent) => event.type === 'talk' && event.talk === null;

describe('keys that act in every window of the desktop', { skip, timeout: 90_000 }, () => {
  const desk = new OneDesktop();
  let speech: Speech;
  let keyboard: Keyboard;

  before(async () => {
    await desk.start();
    keyboard = new Keyboard(desk.dana);
    speech = speak(desk.dir, 'The red car is in front of the gate.');
    await desk.dana.api.call('setSettings', KEYS);
  });
  after(() => desk.stop());

  test('a held person key talks to that person and to nobody else', async () => {
    const { dana, bo, cy } = desk;
    const before = await bo.node.call('messages');
    assert.ok((await hold('F10', cy)) > SAME_SPEECH);
    assert.deepEqual(await bo.node.call('messages'), before);
    assert.equal((await dana.api.call('messages'))[0]?.name, 'Cy');
  });

  test('the reply key talks to the last talker', async () => {
    const { dana, bo } = desk;
    await say(bo);
    await eventually(
      async () => (await dana.api.call('messages')).some(isWhole('Bo')),
      'Bo’s message is complete',
    );
    assert.ok((await hold('F7', bo)) > SAME_SPEECH);
  });

  test('the play-next key plays the next unheard message', async () => {
    const { dana, bo } = desk;
    await dana.api.call('setPresence', { presence: 'dnd' });
    await eventually(
      async () => (await bo.node.call('people')).some(({ presence }) => presence === 'dnd'),
      'Bo sees that Dana does not want to be disturbed',
    );
    await say(bo);
    await eventually(async () => (await dana.api.call('status')).unheard === 1, 'one message is unheard');
    const recording = await dana.pulse.record();
    const from = dana.events.length;
    await dana.desk.run('xdotool', 'key', 'ctrl+alt+n');
    await dana.until((event) => event.type === 'playback' && event.playback === null, from);
    const heard = heardShare(speech.samples, await recording.stop(), PIECE_AGREES);
    assert.ok(heard > SAME_SPEECH, `${heard} was heard`);
    await dana.api.call('setPresence', { presence: 'available' });
  });

  test('with latching, a tap begins a talk that goes on until the next tap', async () => {
    const { dana } = desk;
    await dana.api.call('setSettings', { latch: true });
    const from = dana.events.length;
    await keyboard.tap('F10');
    await dana.until((event) => event.type === 'capturing', from);
    await dana.pulse.play(speech.file).done;
    assert.notEqual((await dana.api.call('status')).talking, null, 'the talk goes on');
    await keyboard.tap('F10');
    await dana.until(talkEnded, from);
    assert.equal(eventsOf(dana, 'capturing', from).length, 1);
    await dana.api.call('setSettings', { latch: false });
  });

  test('a locked screen ends a latched talk, and the next tap begins another', async () => {
    const { dana } = desk;
    await dana.api.call('setSettings', { latch: true });
    for (const end of ['lock', 'tap']) {
      const from = dana.events.length;
      await keyboard.tap('F10');
      await dana.until((event) => event.type === 'capturing', from);
      if (end === 'lock') await dana.inside.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
      else await keyboard.tap('F10');
      await dana.until(talkEnded, from);
      await dana.inside.evaluate(({ powerMonitor }) => powerMonitor.emit('unlock-screen'));
    }
    await dana.api.call('setSettings', { latch: false });
  });

  test('no key acts while a person chooses one in the panel, and each acts again afterwards', async () => {
    const { dana } = desk;
    const page = await openPanel(dana);
    const choosing = (isChoosing: boolean) =>
      page.evaluate(
        (is) =>
          (
            window as unknown as { corridor: { choosingKey(is: boolean): Promise<void> } }
          ).corridor.choosingKey(is),
        isChoosing,
      );
    await choosing(true);
    const from = dana.events.length;
    await keyboard.tap('F9');
    await keyboard.press('F8');
    assert.equal((await dana.api.call('settings')).talkKey, 'F9');
    await dana.api.call('setSettings', { talkKey: 'F8' });
    await choosing(false);
    await keyboard.letRepeat();
    assert.equal(
      eventsOf(dana, 'capturing', from).length,
      0,
      'the chosen key is still down and does not act',
    );
    await keyboard.release('F8');
    await keyboard.press('F8');
    await dana.until((event) => event.type === 'capturing', from);
    await keyboard.release('F8');
    await dana.until(talkEnded, from);
  });

  test('the status names a key that another program has', async () => {
    const { dana } = desk;
    // The window manager closes windows by it.
    await dana.api.call('setSettings', { talkKey: 'Alt+F4' });
    await eventually(async () => (await conflict()) !== undefined, 'the status reports the conflict');
    assert.match((await conflict()) ?? '', /Alt\+F4: another program uses this key too/);
    await dana.api.call('setSettings', { talkKey: 'F9' });
    await eventually(async () => (await conflict()) === undefined, 'the conflict is over');
  });

  async function conflict(): Promise<string | undefined> {
    const { troubles } = await desk.dana.api.call('status');
    return troubles.find(({ code }) => code === 'key-conflict')?.sentence;
  }

  /** Holds a key on Dana's desktop and speaks. Resolves with the share of the speech in the recipient's message, 0 to 1. */
  async function hold(key: string, to: Member): Promise<number> {
    const { dana } = desk;
    const from = dana.events.length;
    const before = to.events.length;
    await keyboard.press(key);
    await dana.until((event) => event.type === 'capturing', from);
    await dana.pulse.play(speech.file).done;
    await keyboard.release(key);
    await dana.until(talkEnded, from);
    const sounding = to.events.slice(before).find((event) => event.type === 'sounding');
    assert.ok(sounding?.live, 'the recipient hears it live');
    await eventually(
      async () =>
        (await to.node.call('messages')).some((message) => message.id === sounding.id && message.complete),
      'the message is complete',
    );
    const { base64 } = await to.node.call('exportMessage', { which: sounding.id, format: 'wav' });
    return heardShare(speech.samples, readWav(Buffer.from(base64, 'base64')), PIECE_AGREES);
  }

  async function say(member: Member): Promise<void> {
    const wavBase64 = writeWav(speech.samples).toString('base64');
    await member.node.call('talkRecording', { dial: '101', wavBase64 });
    await eventually(async () => (await member.node.call('status')).talking === null, 'the talk has ended');
  }
});

function isWhole(name: string): (message: { name: string; direction: string; complete: boolean }) => boolean {
  return (message) => message.name === name && message.direction === 'in' && message.complete;
}
