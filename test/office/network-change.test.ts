import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { MessageSummary, NodeEvent } from '../../preload/api.ts';
import { Headless } from '../support/headless.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { delay } from '../support/office.ts';
import { toneWav } from '../support/tone.ts';

const SECOND_ADDRESS = '10.77.1.77';
const skip = whyNoLan() ?? false;

describe('a computer whose network changes', { skip, timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-moves-'));
  let lan: Lan;
  let desk: Headless;
  let laptop: Headless;

  const start = (host: string, extension: string, office: string) =>
    Headless.start({
      name: host,
      extension,
      office,
      // By name: the address behind it may change.
      interface: 'eth0',
      prefix: ['ip', 'netns', 'exec', lan.namespace(host)],
      profile: join(dir, host),
      speaker: `file:${join(dir, `${host}.wav`)}`,
    });

  before(async () => {
    lan = createLan({ hosts: ['desk', 'laptop'] });
    desk = await start('desk', '101', 'new');
    laptop = await start('laptop', '102', (await desk.api.call('joinLink')).link);
    await seen(desk, 'available');
  });

  after(async () => {
    await laptop.stop();
    await desk.stop();
    await lan.stop();
    rmSync(dir, { recursive: true, force: true });
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

  it('keeps what is said to it while it sleeps, and has it when it wakes', async () => {
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
});

function isAt(address: string) {
  return (event: NodeEvent) => event.type === 'status' && event.status.endpoints?.address === address;
}

function isMessage(id: string, passes: (message: MessageSummary) => boolean) {
  return (event: NodeEvent) => event.type === 'message' && event.message.id === id && passes(event.message);
}

async function seen(node: Headless, presence: string): Promise<void> {
  for (let tries = 0; (await node.api.call('people'))[0]?.presence !== presence; tries += 1) {
    assert.ok(tries < 300, `a colleague is seen as ${presence}: ${node.output()}`);
    await delay(50);
  }
}
