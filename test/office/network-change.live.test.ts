import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import { headlessOnLan } from '../support/headless-on-lan.ts';
import type { Headless } from '../support/headless.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { eventually } from '../support/eventually.ts';
import { isMessage } from '../support/messages.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

/** Each case that moves the laptop has an address of its own, so that no case needs another to have run. */
const [SECOND_ADDRESS, THIRD_ADDRESS, FOURTH_ADDRESS] = ['10.77.1.77', '10.77.1.78', '10.77.1.79'] as const;
const PORT_RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
/** The system assigns these two ports only, and another program holds both until its input ends. */
const NO_PORTS = '50000 50001';
const TAKES_PORTS = `for (const port of [50000, 50001]) require('node:dgram').createSocket('udp4').bind(port, () => console.log(port));
  process.stdin.on('end', () => process.exit()).resume();`;
const skip = whyNoLan() ?? false;

describe('a computer whose network changes', { skip, timeout: 60_000 }, () => {
  const dir = tempFolder('moves');
  let lan: Lan;
  let desk: Headless;
  let laptop: Headless;

  const start = (host: string, extension: string, office: string) =>
    headlessOnLan(lan, dir, { host, extension, office });

  before(async () => {
    lan = createLan({ hosts: ['desk', 'laptop'] });
    desk = await start('desk', '101', 'new');
    laptop = await start('laptop', '102', (await desk.api.call('joinLink')).link);
    await seen(desk, 'available');
  });

  after(async () => {
    await Promise.all([laptop?.stop(), desk?.stop()]);
    await lan?.stop();
  });

  it('is reached at its new address without anybody’s help, and hears live', async () => {
    lan.readdress('laptop', SECOND_ADDRESS);
    await laptop.until(isAt(SECOND_ADDRESS), 15_000, performance.now());
    await seen(desk, 'available');
    const { id } = await desk.api.call('talkRecording', { dial: '102', wavBase64: toneWav(1500) });
    await laptop.until((event) => event.type === 'sounding' && event.id === id && event.live, 8000);
    await laptop.until(
      isMessage(id, ({ complete }) => complete),
      8000,
    );
  });

  it('that slept has the message that was spoken to it meanwhile once it wakes', async () => {
    await laptop.api.call('computer', { event: 'sleep' });
    await seen(desk, 'offline');
    const { id } = await desk.api.call('talkRecording', { dial: '102', wavBase64: toneWav(600) });
    await desk.until(
      isMessage(id, ({ live }) => !live),
      8000,
    );
    const woken = performance.now();
    await laptop.api.call('computer', { event: 'wake' });
    await laptop.until(
      isMessage(id, ({ complete }) => complete),
      8000,
      woken,
    );
    await seen(desk, 'available');
    assert.equal((await laptop.api.call('status')).state, 'running');
  });

  it('that wakes before its network does records meanwhile, and is back when the network is', async () => {
    await laptop.api.call('computer', { event: 'sleep' });
    await lan.run('laptop', 'ip', ['address', 'flush', 'dev', 'eth0', 'scope', 'global']);
    const woken = performance.now();
    await laptop.api.call('computer', { event: 'wake' });
    await laptop.until(hasTrouble(/no network interface eth0.*what you say is kept/), 8000, woken);
    const { id } = await laptop.api.call('talkRecording', { dial: '101', wavBase64: toneWav(600) });
    await laptop.until(
      isMessage(id, ({ live, complete }) => !live && complete),
      8000,
    );
    lan.readdress('laptop', THIRD_ADDRESS);
    await laptop.until(isAt(THIRD_ADDRESS), 15_000, woken);
    await desk.until(
      isMessage(id, ({ complete }) => complete),
      8000,
    );
  });

  it('tries again where its new address cannot be used yet, and records meanwhile', async () => {
    const ports = (await lan.run('laptop', 'cat', [PORT_RANGE])).stdout.trim();
    await setPorts(NO_PORTS);
    const other = lan.spawn('laptop', process.execPath, ['-e', TAKES_PORTS]);
    for (let taken = ''; !/50000[^]*50001|50001[^]*50000/.test(taken);)
      taken += String((await once(other.stdout ?? other, 'data'))[0]);
    const moved = performance.now();
    lan.readdress('laptop', FOURTH_ADDRESS);
    await laptop.until(hasTrouble(/cannot be used yet.*tries again/), 15_000, moved);
    const { id } = await laptop.api.call('talkRecording', { dial: '101', wavBase64: toneWav(600) });
    await laptop.until(
      isMessage(id, ({ live, complete }) => !live && complete),
      8000,
    );
    assert.notEqual((await laptop.api.call('status')).endpoints?.address, FOURTH_ADDRESS);

    other.stdin?.end();
    await once(other, 'exit');
    await setPorts(ports);
    await laptop.until(isAt(FOURTH_ADDRESS), 15_000, moved);
    await laptop.until((event) => event.type === 'status' && event.status.troubles.length === 0, 8000, moved);
    await seen(desk, 'available');
    await desk.until(
      isMessage(id, ({ complete }) => complete),
      8000,
    );

    async function setPorts(range: string): Promise<void> {
      const { code, stderr } = await lan.run('laptop', 'sh', ['-c', `echo ${range} > ${PORT_RANGE}`]);
      assert.equal(code, 0, stderr);
    }
  });
});

function isAt(address: string) {
  return (event: NodeEvent) => event.type === 'status' && event.status.endpoints?.address === address;
}

function hasTrouble(words: RegExp) {
  return (event: NodeEvent) =>
    event.type === 'status' && event.status.troubles.some(({ sentence }) => words.test(sentence));
}

async function seen(node: Headless, presence: string): Promise<void> {
  await eventually(
    async () => (await node.api.call('people'))[0]?.presence === presence,
    () => `a colleague is seen as ${presence}: ${node.output()}`,
  );
}
