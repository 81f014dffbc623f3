import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { MessageSummary, NodeEvent } from '../../preload/api.ts';
import { delay, LoopbackOffice, type Member } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

const recording = (seconds: number): string => toneWav(1000 * seconds);

const isMessage =
  (id: string, holds: (message: MessageSummary) => boolean) =>
  (event: NodeEvent): boolean =>
    event.type === 'message' && event.message.id === id && holds(event.message);

describe('an office of three', { timeout: 60_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  let bob: Member;
  let cleo: Member;

  before(async () => {
    ann = await office.add('101');
    bob = await office.add('102');
    cleo = await office.add('103');
    await office.settled();
  });
  after(() => office.stop());

  it('brings a message to an available recipient while it is spoken, and proves it', async () => {
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording(1) });
    await bob.untilSo(
      isMessage(id, ({ live }) => live),
      1000,
    );
    await ann.untilSo(isMessage(id, (message) => message.storedOn >= 1));
    await bob.untilSo(isMessage(id, ({ complete }) => complete));
    const [sent] = (await ann.node.call('messages')).filter((message) => message.id === id);
    const state = sent?.recipients[0]?.state;
    assert.ok(state === 'received' || state === 'heard', state);
  });

  it('notifies who is away while the talker still speaks, and keeps the message for them', async () => {
    await cleo.node.call('setPresence', { presence: 'away' });
    const startedAt = performance.now();
    const { id } = await ann.node.call('talkRecording', { dial: '103', wavBase64: recording(2) });
    const notification = await cleo.until(
      (event): event is Extract<NodeEvent, { type: 'notification' }> =>
        event.type === 'notification' && event.id === id,
    );
    assert.ok(performance.now() - startedAt < 1500, 'it came while the message was still being spoken');
    assert.equal(notification.extension, '101');
    assert.match(notification.number, /^[0-9]{4}$/);
    await ann.untilSo(isMessage(id, ({ recipients }) => recipients[0]?.state === 'notified'));
    await cleo.untilSo(isMessage(id, ({ complete, durationMs }) => complete && durationMs >= 2000));
    const { base64, durationMs } = await cleo.node.call('exportMessage', {
      which: notification.number,
      format: 'ogg',
    });
    assert.equal(Buffer.from(base64, 'base64').toString('latin1', 0, 4), 'OggS');
    assert.ok(durationMs >= 2000 && durationMs < 2600, String(durationMs));
  });

  it('keeps a message for who is offline, which another computer cannot open, and gives it on return', async () => {
    const profile = cleo.profile;
    await office.close(cleo);
    await ann.untilSo(
      (event) =>
        event.type === 'people' &&
        event.people.some((one) => one.extension === '103' && one.presence === 'offline'),
    );
    const { id } = await bob.node.call('talkRecording', { dial: '103', wavBase64: recording(1) });
    await bob.untilSo(isMessage(id, (message) => !message.live && message.complete));
    await delay(300);
    cleo = await office.add('103', { profile });
    await cleo.untilSo((event) => event.type === 'notification' && event.id === id);
    await cleo.untilSo(isMessage(id, ({ complete }) => complete));
    await bob.untilSo(
      isMessage(id, ({ recipients }) => recipients[0]?.at !== null && recipients[0]?.state === 'notified'),
    );
    await assert.rejects(ann.node.call('exportMessage', { which: id, format: 'ogg' }), /no message/);
  });

  it('begins a message while the last word of the one before is still being recorded', async () => {
    const first = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording(3) });
    await delay(200);
    await ann.node.call('talkRelease');
    const second = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording(1) });
    await assert.rejects(ann.node.call('talkPress', { dial: '102' }), /talking already/);
    for (const { id } of [first, second]) await bob.untilSo(isMessage(id, ({ complete }) => complete));
  });

  it('counts the shortest message as heard where it sounded', async () => {
    for (const seconds of [0.01, 0.05, 0.2]) {
      const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording(seconds) });
      await bob.untilSo(isMessage(id, ({ heard }) => heard));
    }
    assert.ok(!bob.events.some((event) => event.type === 'notification'), 'it was not announced as missed');
  });

  it('refuses a taken extension in words, and a number nobody has', async () => {
    await assert.rejects(
      bob.node.call('setup', { name: 'Bob', extension: '101' }),
      /belongs to Person 101 already/,
    );
    await assert.rejects(bob.node.call('talkPress', { dial: '999' }), /Nobody has extension 999/);
    await assert.rejects(bob.node.call('talkPress', { dial: '102' }), /your own extension/);
    assert.equal((await bob.node.call('status')).state, 'running');
  });

  it('elects another switch when it leaves, and loses nothing of what is being said', async () => {
    const statuses = await Promise.all(office.members.map(({ node }) => node.call('status')));
    const leader = office.members[statuses.findIndex(({ role }) => role === 'switch')];
    const others = office.members.filter((member) => member !== leader);
    assert.ok(leader && others[0] && others[1]);
    const { id } = await others[0].node.call('talkRecording', {
      dial: others[1].extension,
      wavBase64: recording(2),
    });
    await delay(500);
    await office.close(leader);
    await others[1].untilSo(
      isMessage(id, ({ complete }) => complete),
      10_000,
    );
    await office.settled();
    await others[0].untilSo(isMessage(id, ({ storedOn }) => storedOn >= 1));
  });

  it('writes no name, no key and no voice in the open, and keeps its folder to its owner', async () => {
    const [member] = office.members;
    assert.ok(member);
    const names = await readdir(member.profile);
    assert.ok(names.includes('identity.json') && names.includes('office.json'));
    const settings = await readFile(join(member.profile, 'settings.json'), 'utf8');
    assert.ok(!settings.includes('PRIVATE KEY'));
  });
});
