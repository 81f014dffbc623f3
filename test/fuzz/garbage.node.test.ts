import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startNode } from '../../main/node/index.ts';
import { writeWav } from '../../native-audio/index.ts';
import { methods, type MethodName, type NodeEvent } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { LoopbackOffice, WORKER, type Member } from '../support/office.ts';

const SPEECH = writeWav(
  Int16Array.from({ length: 48_000 }, (_, n) => Math.round(9000 * Math.sin(n / 30) * Math.sin(n / 4000))),
).toString('base64');

/** Seeded, so that what breaks once breaks again. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function garbage(random: () => number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

const isComplete = (id: string) => (event: NodeEvent) =>
  event.type === 'message' && event.message.id === id && event.message.complete;

describe('a node that is sent garbage', { timeout: 60_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  let bob: Member;

  before(async () => {
    ann = await office.add('101');
    bob = await office.add('102');
    await office.settled();
  });
  after(() => office.stop());

  async function stillWorks(): Promise<void> {
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: SPEECH });
    await bob.untilSo(isComplete(id));
  }

  it('lives on when every datagram is nonsense', async (t) => {
    const random = generator(1);
    const endpoints = (await bob.node.call('status')).endpoints;
    assert.ok(endpoints);
    const socket = createSocket('udp4');
    t.after(() => socket.close());
    for (let n = 0; n < 600; n++) {
      const bytes = garbage(random, 1 + Math.floor(random() * 1400));
      // A third look like RTP, a third like RTCP, to get past the first glance.
      if (n % 3 === 1) bytes[0] = 0x80;
      if (n % 3 === 1 && bytes.length > 1) bytes[1] = 111;
      if (n % 3 === 2) bytes.set([0x80, 205].slice(0, bytes.length));
      for (const port of [endpoints.beat, endpoints.media]) {
        await new Promise((resolve) => socket.send(bytes, port, endpoints.address, resolve));
      }
    }
    await stillWorks();
  });

  it('lives on when its control port is spoken to by strangers', async () => {
    const random = generator(2);
    const endpoints = (await bob.node.call('status')).endpoints;
    assert.ok(endpoints);
    const texts = [garbage(random, 5000), Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(0)];
    for (const text of texts) {
      const socket = connect(endpoints.control, endpoints.address);
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      socket.resume().end(text);
      await closed;
    }
    await stillWorks();
  });

  it('refuses every wrong argument with a sentence, and goes on', async () => {
    const random = generator(3);
    const wrong = (): unknown =>
      [null, 7, 'x'.repeat(500), [], { dial: {} }, { which: -1 }, { nothing: true }, { id: '../..' }][
        Math.floor(random() * 8)
      ];
    let refused = 0;
    for (const method of Object.keys(methods) as MethodName[]) {
      for (let n = 0; n < 20; n++) {
        await bob.node.call(method, wrong() as never).catch((error: Error) => {
          assert.ok(error.message.length > 0 && error.message.length < 500, error.message);
          refused += 1;
        });
      }
    }
    assert.ok(refused > 200, `${refused} were refused`);
    await stillWorks();
  });

  it('does not meet a node that has another office key, and answers it nothing', async (t) => {
    const beat = (await bob.node.call('status')).endpoints?.beat;
    const relay = createSocket('udp4');
    t.after(() => relay.close());
    let passedOn = 0;
    let answers = 0;
    relay.on('message', (bytes, from) => {
      if (from.port === beat) answers += 1;
      else relay.send(bytes, beat, '127.0.0.1', () => (passedOn += 1));
    });
    await new Promise<void>((resolve) => relay.bind(0, '127.0.0.1', resolve));
    const addresses = [`127.0.0.1:${relay.address().port}`];
    const stranger = await office.add('205', { office: 'new', addresses });
    await eventually(() => passedOn >= 3, 'the stranger speaks to Bob');
    // Who comes later is met at the same port: what the stranger sent before has been read by then.
    const cleo = await office.add('103');
    await eventually(
      async () =>
        (await bob.node.call('people')).some(
          ({ extension, presence }) => extension === '103' && presence === 'available',
        ),
      'Bob meets Cleo',
    );
    assert.deepEqual(await stranger.node.call('people'), []);
    assert.ok((await bob.node.call('people')).every(({ extension }) => extension !== '205'));
    assert.equal(answers, 0);
    await office.close(stranger);
    await office.close(cleo);
  });

  it('says in words what is wrong with a join link', async () => {
    await assert.rejects(
      bob.node.call('setup', { name: 'B', extension: '102', office: 'http://x' }),
      /not a join link/,
    );
    const { link } = await bob.node.call('joinLink');
    const bent = link.slice(0, -2) + (link.endsWith('AA') ? 'BB' : 'AA');
    await assert.rejects(bob.node.call('setup', { name: 'B', extension: '102', office: bent }), /mistake/);
    assert.equal((await bob.node.call('joinLink')).link, link);
  });

  it('says so when there is no microphone, and can still be talked to', async () => {
    await bob.node.call('setSettings', { microphone: 'a microphone that nobody has', ready: 'warm' });
    await bob.untilSo((event) => event.type === 'status' && event.status.microphone.state !== 'opening');
    await eventually(
      async () => ['missing', 'failed'].includes((await bob.node.call('status')).microphone.state),
      'the microphone is missed',
    );
    assert.match((await bob.node.call('status')).microphone.sentence ?? '', /^[A-Z].{10,}\.$/);
    await assert.rejects(bob.node.call('talkPress', { dial: '101' }), /^[^]*[A-Z].{10,}\.$/);
    await stillWorks();
  });

  it('starts with fresh settings where they were damaged, says so, and knows its person again', async () => {
    const member = await office.add('107', { name: 'Gil' });
    await office.close(member);
    const { profile } = member;
    const speaker = `file:${join(profile, 'heard.wav')}`;
    for (const text of ['{"v":1,"name":', '', '\0'.repeat(700)]) {
      writeFileSync(join(profile, 'settings.json'), text);
      const node = await startNode({
        ...{ profile, speaker, ready: 'cold', workerPath: WORKER, interfaces: ['127.0.0.1'] },
        log: () => undefined,
      });
      const { state, node: gil, troubles } = await node.call('status');
      await node.close();
      assert.deepEqual([state, gil?.name, gil?.extension], ['running', 'Gil', '107'], text);
      assert.ok(
        troubles.some(({ code }) => code === 'damaged-settings'),
        text,
      );
      assert.equal(readFileSync(join(profile, 'settings.json.damaged'), 'utf8'), text);
    }
  });
});

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

describe(
  'a node whose disk is full',
  { skip: mayMount ? false : 'a small disk needs root', timeout: 60_000 },
  () => {
    const office = new LoopbackOffice();
    const disk = mkdtempSync(join(tmpdir(), 'corridor-disk-'));
    let mounted = false;
    after(async () => {
      await Promise.all(office.members.map(({ node }) => node.close()));
      if (mounted) execFileSync('umount', ['-l', disk]);
      await office.stop();
    });

    it('says so in plain words, and still talks live', async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=384k', 'tmpfs', disk]);
      mounted = true;
      const ann = await office.add('101');
      const bob = await office.add('102', { profile: disk });
      await office.settled();
      await bob.node.call('setPresence', { presence: 'away' });
      fill(disk);
      const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: SPEECH });
      await bob.untilSo((event) => event.type === 'notification' && event.id === id);
      await bob.untilSo(
        (event) =>
          event.type === 'status' && event.status.troubles.some(({ code }) => code === 'store-disk-full'),
      );
      const trouble = (await bob.node.call('status')).troubles.find(({ code }) => code === 'store-disk-full');
      assert.match(trouble?.sentence ?? '', /full/i);
      const message = async () => (await bob.node.call('messages')).find((one) => one.id === id);
      await eventually(async () => (await message())?.live === false, 'all of it has been spoken');
      assert.equal((await message())?.complete, false, 'nothing is called stored that is not');
      assert.ok(!bob.events.some(isComplete(id)));
      rmSync(join(disk, 'filler'));
      await bob.untilSo(isComplete(id), 15_000);
      await ann.untilSo(
        (event) =>
          event.type === 'message' && event.message.id === id && event.message.recipients[0]?.at !== null,
      );
    });
  },
);

/** Writes until the disk takes no more. */
function fill(folder: string): void {
  const file = openSync(join(folder, 'filler'), 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(1024));
  } catch {
    closeSync(file);
  }
}
