import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { startNode } from '../../main/node/index.ts';
import { writeWav } from '../../native-audio/index.ts';
import { methods, type MethodName } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { isComplete, isNotified } from '../support/messages.ts';
import { LoopbackOffice, WORKER, type Member } from '../support/office.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { SmallDisk } from '../support/small-disk.ts';

const SPEECH = writeWav(
  Int16Array.from({ length: 48_000 }, (_, n) => Math.round(9000 * Math.sin(n / 30) * Math.sin(n / 4000))),
).toString('base64');

function garbage(random: () => number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
}

describe('a node that is sent garbage', { timeout: 240_000 }, () => {
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
    const random = seededRandom(1);
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
    // A worker that died of it would have been started again, and the message would have come over a link.
    assert.deepEqual(
      bob.log.filter((line) => line.includes('ended by itself')),
      [],
    );
    assert.ok(
      bob.log.some((line) => line.startsWith('Dropped on the media socket')),
      'the media worker has read it',
    );
  });

  it('lives on when its control port is spoken to by strangers', async (t) => {
    const random = seededRandom(2);
    const endpoints = (await bob.node.call('status')).endpoints;
    assert.ok(endpoints);
    const texts = [garbage(random, 5000), Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.alloc(0)];
    for (const text of texts) {
      const socket = connect(endpoints.control, endpoints.address);
      await once(socket, 'connect');
      // A reset is as good an end as any.
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      socket.resume().end(text);
      await closed;
    }
    // Those who are linked already need the port no more: who comes now does.
    const socket = connectTls({
      ...{ host: endpoints.address, port: endpoints.control, rejectUnauthorized: false },
    });
    t.after(() => socket.destroy());
    await once(socket, 'secureConnect');
    await stillWorks();
  });

  it('refuses every wrong argument with a sentence, and goes on', async () => {
    const random = seededRandom(3);
    const wrong = (): unknown =>
      [null, 7, 'x'.repeat(500), [], { dial: {} }, { which: -1 }, { nothing: true }, { id: '../..' }][
        Math.floor(random() * 8)
      ];
    let refused = 0;
    // To leave the office takes no arguments, so null is right for it, and Bob would be gone.
    const asked = (Object.keys(methods) as MethodName[]).filter((method) => method !== 'leaveOffice');
    for (const method of asked) {
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

  it('does not meet a node of another office, and answers it nothing', async (t) => {
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
    t.after(() => office.close(stranger));
    await eventually(() => passedOn >= 3, 'the stranger speaks to Bob');
    // Bob meets a node that comes later at the same port: by then he has read what the stranger sent.
    const cleo = await office.add('103');
    t.after(() => office.close(cleo));
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

  it('says so when there is no microphone, and can still be talked to', async (t) => {
    const { microphone, ready } = await bob.node.call('settings');
    t.after(() => bob.node.call('setSettings', { microphone, ready }));
    await bob.node.call('setSettings', { microphone: 'a microphone that nobody has', ready: 'warm' });
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

describe('a node whose disk is full', { timeout: 240_000 }, () => {
  it('says so in plain words, and still talks live', async (t) => {
    const disk = SmallDisk.mount('384k');
    if (typeof disk === 'string') {
      t.skip(disk);
      return;
    }
    const office = new LoopbackOffice();
    t.after(async () => {
      await office.stop();
      disk.unmount();
    });
    const ann = await office.add('101');
    const bob = await office.add('102', { profile: join(disk.path, 'profile') });
    await office.settled();
    await bob.node.call('setPresence', { presence: 'away' });
    disk.fill();
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: SPEECH });
    await bob.untilSo(isNotified(id));
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
    disk.makeRoom();
    await bob.untilSo(isComplete(id));
    await ann.untilSo(
      (event) =>
        event.type === 'message' && event.message.id === id && event.message.recipients[0]?.at !== null,
    );
  });
});
