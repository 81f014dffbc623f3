import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { MessageSummary, NodeEvent } from '../../preload/api.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';
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
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording(2) });
    await bob.untilSo(isMessage(id, ({ live }) => live));
    await ann.untilSo(isMessage(id, (message) => message.storedOn >= 1));
    await bob.untilSo(isMessage(id, ({ complete }) => complete));
    const [sent] = (await ann.node.call('messages')).filter((message) => message.id === id);
    const state = sent?.recipients[0]?.state;
    assert.ok(state === 'received' || state === 'heard', state);
  });

  it('notifies who is away while the talker still speaks, and keeps the message for them', async () => {
    await cleo.node.call('setPresence', { presence: 'away' });
    const { id } = await ann.node.call('talkRecording', { dial: '103', wavBase64: recording(2) });
    const notification = await cleo.until(
      (event): event is Extract<NodeEvent, { type: 'notification' }> =>
        event.type === 'notification' && event.id === id,
    );
    assert.equal(notification.extension, '101');
    assert.match(notification.number, /^[0-9]{4}$/);
    await ann.untilSo(isMessage(id, ({ recipients }) => recipients[0]?.state === 'notified'));
    const over = await cleo.untilSo(
      isMessage(id, ({ live, complete, durationMs }) => !live && complete && durationMs >= 2000),
    );
    const order = cleo.events.filter((event) => event === notification || event === over);
    assert.deepEqual(order, [notification, over], 'it came while the message was still being spoken');
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
    await bob.untilSo(isMessage(id, ({ live, complete, storedOn }) => !live && complete && storedOn >= 1));
    cleo = await office.add('103', { profile });
    await cleo.untilSo((event) => event.type === 'notification' && event.id === id);
    await cleo.untilSo(isMessage(id, ({ complete }) => complete));
    await bob.untilSo(
      isMessage(id, ({ recipients }) => recipients[0]?.at !== null && recipients[0]?.state === 'notified'),
    );
    await assert.rejects(ann.node.call('exportMessage', { which: id, format: 'ogg' }), /no message/);
  });

  it('begins a message while the last word of the one before is still being recorded', async () => {
    const first = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording(30) });
    await bob.untilSo(isMessage(first.id, ({ live }) => live));
    await ann.node.call('talkRelease');
    const second = await ann.node.call('talkRecording', { dial: '102', wavBase64: recording(2) });
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
      wavBase64: recording(3),
    });
    await others[1].untilSo(isMessage(id, ({ live, durationMs }) => live && durationMs > 300));
    await office.close(leader);
    await others[1].untilSo(isMessage(id, ({ complete }) => complete));
    await office.settled();
    await others[0].untilSo(isMessage(id, ({ storedOn }) => storedOn >= 1));
  });

  it('writes no voice and no key in the open, and keeps every file to its owner', async () => {
    const [talker, listener] = office.members;
    assert.ok(talker && listener);
    const { id } = await talker.node.call('talkRecording', {
      dial: listener.extension,
      wavBase64: recording(1),
    });
    await listener.untilSo(isMessage(id, ({ live, complete }) => !live && complete));
    for (const member of [talker, listener]) {
      const { base64 } = await member.node.call('exportMessage', { which: id, format: 'ogg' });
      const voice = piecesOf(Buffer.from(base64, 'base64'));
      assert.ok(voice.length >= 10, `${voice.length} pieces of the voice are looked for`);
      const secrets = [
        ...(await secretsIn(member.profile, 'identity.json')),
        ...(await secretsIn(member.profile, 'office.json')),
      ];
      assert.ok(secrets.length >= 3, `${secrets.length} keys are looked for`);
      let stored = 0;
      for (const path of await pathsBelow(member.profile)) {
        const info = await stat(path);
        // The socket's own rights are what counts; of a folder, that nobody else may enter it.
        assert.equal(info.mode & 0o077, 0, `others may not reach ${path}`);
        if (!info.isFile()) continue;
        const bytes = await readFile(path);
        if (path.endsWith('.crm')) stored += bytes.length;
        for (const piece of voice) assert.ok(!bytes.includes(piece), `${path} holds a piece of the voice`);
        for (const { name, secret } of secrets)
          assert.ok(path.endsWith(name) || !bytes.includes(secret), `${path} holds a key of ${name}`);
      }
      assert.ok(stored > 1000, `${stored} bytes of messages are stored`);
    }
  });
});

/** The folder itself, and every file and folder below it. */
async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const below = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pathsBelow(path) : Promise.resolve([path]);
  });
  return [folder, ...(await Promise.all(below)).flat()];
}

/** Pieces of 24 bytes of each Opus packet of an Ogg file (RFC 3533): a page's head has 27 bytes and a table of its segments. */
function piecesOf(ogg: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = ogg.indexOf('OggS', 1); at >= 0; at = ogg.indexOf('OggS', at + 1)) {
    let segmentAt = at + 27 + ogg[at + 26]!;
    for (const length of ogg.subarray(at + 27, segmentAt)) {
      const segment = ogg.subarray(segmentAt, segmentAt + length);
      segmentAt += length;
      if (segment.length >= 48 && !segment.includes('Opus')) pieces.push(segment.subarray(8, 32));
    }
  }
  return pieces;
}

/** The lines of the private keys and the secrets that a file of the profile holds. */
async function secretsIn(profile: string, name: string): Promise<{ name: string; secret: string }[]> {
  const file = JSON.parse(await readFile(join(profile, name), 'utf8')) as Record<string, unknown>;
  return Object.entries(file)
    .filter(([field]) => field !== 'certificate')
    .flatMap(([, value]) => (typeof value === 'string' ? value.split('\n') : []))
    .filter((line) => line.length >= 40 && !line.startsWith('-----'))
    .map((secret) => ({ name, secret }));
}
