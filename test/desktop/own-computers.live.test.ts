import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import type { Member } from '../support/office.ts';
import { addComputer } from '../support/own-computers.ts';
import { toneWav } from '../support/tone.ts';
import { OneDesktop } from './one-desktop.ts';
import { skip } from './two-desktops.ts';

describe('a desktop and another computer of its person', { skip, timeout: 120_000 }, () => {
  const desk = new OneDesktop();
  let laptop: Member;

  before(async () => {
    await desk.start();
    laptop = await addComputer(desk.office, { node: desk.dana.api, name: 'Dana' });
    await eventually(async () => {
      const { people } = await desk.bo.node.call('members');
      const computers = people.find(({ extension }) => extension === '101')?.computers ?? [];
      return computers.filter(({ online }) => online).length === 2;
    }, 'Bo sees both computers of Dana');
  });
  after(() => desk.stop());

  const soundsAt = async ({ node }: Member) => (await node.call('status')).soundsAt;
  const say = async (): Promise<string> => {
    const { id } = await desk.bo.node.call('talkRecording', { dial: '101', wavBase64: toneWav(400) });
    return id;
  };
  const isHeard = async (id: string) =>
    (await laptop.node.call('messages')).some((message) => message.id === id && message.heard);

  test('a key that is pressed there brings the person there: what comes sounds at the desktop alone', async () => {
    const { dana } = desk;
    await laptop.node.call('computer', { event: 'input' });
    await eventually(
      async () => (await dana.api.call('status')).soundsAt !== null,
      'the desktop knows that Dana is at her laptop',
    );
    await dana.desk.key('keydown', 'a');
    await dana.desk.key('keyup', 'a');
    await eventually(async () => (await soundsAt(laptop)) !== null, 'she is at her desktop');
    const id = await say();
    await dana.until((event) => event.type === 'sounding' && event.id === id);
    await eventually(() => isHeard(id), 'what she heard there is heard at the laptop');
    assert.ok(!laptop.events.some((event) => event.type === 'sounding' && event.id === id));
    assert.ok(!laptop.events.some(({ type }) => type === 'notification'));
  });

  test('what is heard at the laptop withdraws the desktop’s notification', async () => {
    const { dana } = desk;
    const shown = (count: number) =>
      eventually(async () => (await dana.desk.notifications()) === count, `${count} notifications`);
    await dana.api.call('setPresence', { presence: 'away' });
    const id = await say();
    await shown(1);
    await eventually(
      async () =>
        (await laptop.node.call('messages')).some((message) => message.id === id && message.complete),
      'the laptop has it, too',
    );
    await laptop.node.call('play', { which: id });
    await shown(0);
    assert.equal((await dana.api.call('status')).unheard, 0);
  });
});
