import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import { readWav, writeWav } from '../../native-audio/index.ts';
import { heardShare } from '../support/correlate.ts';
import type { Member } from '../support/office.ts';
import { speak, type Speech } from '../support/speech.ts';
import { eventually } from './desktop-app.ts';
import { Hand } from './hand.ts';
import { OneDesktop, told } from './one-desktop.ts';
import { PIECE_AGREES, SAME_SPEECH, skip } from './two-desktops.ts';

const KEYS = {
  talkKey: 'F9',
  replyKey: 'F7',
  playNextKey: 'Ctrl+Alt+N',
  personKeys: [{ extension: '103', key: 'F10' }],
};
const talkEnded = (event: NodeEvent) => event.type === 'talk' && event.talk === null;

describe('keys that act anywhere on the desktop', { skip, timeout: 90_000 }, () => {
  const desk = new OneDesktop();
  let speech: Speech;
  let hand: Hand;

  before(async () => {
    await desk.start();
    hand = new Hand(desk.dana);
    speech = speak(desk.dir, 'The red car is in front of the gate.');
    await desk.dana.api.call('setSettings', KEYS);
  });
  after(() => desk.stop());

  test('a person’s own key, held: that person hears it, and nobody else', async () => {
    const { dana, bo, cy } = desk;
    assert.ok((await hold('F10', cy)) > SAME_SPEECH);
    assert.deepEqual(await bo.node.call('messages'), []);
    assert.equal((await dana.api.call('messages'))[0]?.name, 'Cy');
  });

  test('the reply key reaches who spoke last', async () => {
    const { dana, bo } = desk;
    await say(bo);
    await eventually(async () => (await dana.api.call('messages')).some(isWhole('Bo')), 'Bo was heard');
    assert.ok((await hold('F7', bo)) > SAME_SPEECH);
  });

  test('a key plays the next unheard message', async () => {
    const { dana, bo } = desk;
    await dana.api.call('setPresence', { presence: 'dnd' });
    await eventually(
      async () => (await bo.node.call('people')).some(({ presence }) => presence === 'dnd'),
      'Bo sees it',
    );
    await say(bo);
    await eventually(async () => (await dana.api.call('status')).unheard === 1, 'one waits');
    const recording = await dana.pulse.record();
    const from = dana.events.length;
    await dana.desk.run('xdotool', 'key', 'ctrl+alt+n');
    await dana.until((event) => event.type === 'playback' && event.playback === null, from, 15_000);
    const heard = heardShare(speech.samples, await recording.stop(), PIECE_AGREES);
    assert.ok(heard > SAME_SPEECH, `${heard} was heard`);
    await dana.api.call('setPresence', { presence: 'available' });
  });

  test('tapped where keys latch: the talk goes on without the key, and ends with the next tap', async () => {
    const { dana } = desk;
    await dana.api.call('setSettings', { latch: true });
    const from = dana.events.length;
    await hand.tap('F10');
    await dana.until((event) => event.type === 'capturing', from);
    await dana.pulse.play(speech.file).done;
    assert.notEqual((await dana.api.call('status')).talking, null, 'it goes on');
    await hand.tap('F10');
    await dana.until(talkEnded, from);
    assert.equal(told(dana, 'capturing', from).length, 1);
  });

  test('a locked screen ends a latched talk, and the next tap begins another', async () => {
    const { dana } = desk;
    for (const end of ['lock', 'tap']) {
      const from = dana.events.length;
      await hand.tap('F10');
      await dana.until((event) => event.type === 'capturing', from);
      if (end === 'lock') await dana.inside.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
      else await hand.tap('F10');
      await dana.until(talkEnded, from);
    }
    await dana.api.call('setSettings', { latch: false });
  });

  test('while a key is chosen in the panel none acts, and no setting is lost', async () => {
    const { dana } = desk;
    await dana.inside.evaluate(({ app }) => app.emit('activate'));
    const page = await dana.inside.firstWindow();
    await page.waitForLoadState();
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
    await hand.tap('F9');
    await hand.press('F8');
    assert.equal((await dana.api.call('settings')).talkKey, 'F9');
    await dana.api.call('setSettings', { talkKey: 'F8' });
    await choosing(false);
    await hand.letRepeat();
    assert.equal(
      told(dana, 'capturing', from).length,
      0,
      'the key chosen just now is still down and does not act',
    );
    await hand.release('F8');
    await hand.press('F8');
    await dana.until((event) => event.type === 'capturing', from);
    await hand.release('F8');
    await dana.until(talkEnded, from);
  });

  test('a key that another program has is said by its name', async () => {
    const { dana } = desk;
    // The window manager closes windows by it.
    await dana.api.call('setSettings', { talkKey: 'Alt+F4' });
    await eventually(async () => (await conflict()) !== undefined, 'it is said');
    assert.match((await conflict()) ?? '', /Alt\+F4: another program uses this key too/);
    await dana.api.call('setSettings', { talkKey: 'F9' });
    await eventually(async () => (await conflict()) === undefined, 'it is over');
  });

  async function conflict(): Promise<string | undefined> {
    const { troubles } = await desk.dana.api.call('status');
    return troubles.find(({ code }) => code === 'key-conflict')?.sentence;
  }

  /** Holds a key on Dana's desktop and speaks; how much of it came out live or is kept whole at the other end, 0 to 1. */
  async function hold(key: string, to: Member): Promise<number> {
    const { dana } = desk;
    const from = dana.events.length;
    const before = to.events.length;
    await hand.press(key);
    await dana.until((event) => event.type === 'capturing', from);
    await dana.pulse.play(speech.file).done;
    await hand.release(key);
    await dana.until(talkEnded, from);
    const sounding = to.events.slice(before).find((event) => event.type === 'sounding');
    assert.ok(sounding?.live, 'it is heard while it is spoken');
    await eventually(
      async () =>
        (await to.node.call('messages')).some((message) => message.id === sounding.id && message.complete),
      'the message is there',
    );
    const { base64 } = await to.node.call('exportMessage', { which: sounding.id, format: 'wav' });
    return heardShare(speech.samples, readWav(Buffer.from(base64, 'base64')), PIECE_AGREES);
  }

  async function say(member: Member): Promise<void> {
    const wavBase64 = writeWav(speech.samples).toString('base64');
    const { durationMs } = await member.node.call('talkRecording', { dial: '101', wavBase64 });
    await new Promise((resolve) => setTimeout(resolve, durationMs));
  }
});

function isWhole(name: string): (message: { name: string; direction: string; complete: boolean }) => boolean {
  return (message) => message.name === name && message.direction === 'in' && message.complete;
}
