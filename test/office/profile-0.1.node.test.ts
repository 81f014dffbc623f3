import assert from 'node:assert/strict';
import { cp, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startNode, type CorridorNode } from '../../main/node/index.ts';
import { readWav } from '../../native-audio/index.ts';
import type { MessageSummary } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { WORKER } from '../support/office.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Made by version 0.1.0: three nodes on loopback, of which this is the first one's profile. Its secrets open nothing else. */
const FIXTURE = fileURLToPath(new URL('../fixtures/profile-0.1', import.meta.url));
const RATE_HZ = 48_000;
const ANN = { id: '7woHtdPt0IdsFO5QdZeYqQ', name: 'Ann Example', extension: '101' };
const BO = { id: 'UbJxYHFF86qmA8cbG81QcQ', name: 'Bo Example', extension: '102' };
const DELETED = 'qJO2qalIFkH_yIJObnxJzQ';

type Kept = Pick<MessageSummary, 'id' | 'direction' | 'startedAt' | 'heard' | 'number' | 'storedOn'> & {
  readonly recipient: MessageSummary['recipients'][number]['state'] | undefined;
  /** The message is a tone of this pitch. */
  readonly pitchHz: number;
};
/**
 * The latest first. Version 0.1 wrote down that Bo received #5541, not that Bo was notified of it. What others hold was never
 * proven to it: that counts as no copy until it is.
 */
const MESSAGES: readonly Kept[] = [
  {
    id: 'u2prJMTf60D6M16Bsh2Cow',
    direction: 'out',
    startedAt: 1761021970329,
    heard: true,
    number: '8108',
    storedOn: 0,
    recipient: 'waiting',
    pitchHz: 480,
  },
  {
    id: 'TGyQSimBkR3poPkauQffMQ',
    direction: 'out',
    startedAt: 1761021955978,
    heard: true,
    number: '5541',
    storedOn: 0,
    recipient: 'received',
    pitchHz: 400,
  },
  {
    id: 'Pl71o4HHgMwZ0j75Q6ui3A',
    direction: 'in',
    startedAt: 1761021950988,
    heard: false,
    number: '5641',
    storedOn: 1,
    recipient: undefined,
    pitchHz: 320,
  },
  {
    id: 'nrecf5cGvhQ5K0janm78Ag',
    direction: 'out',
    startedAt: 1761021944551,
    heard: true,
    number: '4242',
    storedOn: 0,
    recipient: 'heard',
    pitchHz: 280,
  },
  {
    id: 'JNONrvMUvSd7J0ho1uMjrg',
    direction: 'in',
    startedAt: 1761021939018,
    heard: true,
    number: '5195',
    storedOn: 1,
    recipient: undefined,
    pitchHz: 240,
  },
];

describe('a profile of version 0.1', { timeout: 240_000 }, () => {
  let folder: string;
  let node: CorridorNode;
  let log: string[];

  const open = async () => {
    node = await startNode({
      profile: join(folder, 'profile'),
      workerPath: WORKER,
      interfaces: ['127.0.0.1'],
      speaker: `file:${join(folder, 'heard.wav')}`,
      log: (line) => log.push(line),
    });
  };

  beforeEach(async () => {
    log = [];
    folder = tempFolder('0.1');
    await cp(FIXTURE, join(folder, 'profile'), { recursive: true });
    await open();
  });
  afterEach(async () => {
    await node?.close();
  });

  it('is in no office any more, since that of version 0.1 had no members to go by, and says so', async () => {
    const status = await node.call('status');
    assert.deepEqual([status.state, status.wasInOldOffice], ['setup', true]);
    assert.deepEqual([status.node, status.role, status.joining, status.removed], [null, 'none', null, null]);
    assert.equal(status.presence, 'busy');
    assert.deepEqual(await node.call('people'), []);
    await assert.rejects(node.call('joinLink'), { code: 'no-office' });
  });

  it('has every message with its number and its receipts, and not the deleted one', async () => {
    assert.deepEqual((await node.call('messages')).map(keptOf), MESSAGES.map(withoutPitch));
    assert.equal((await node.call('status')).unheard, 1);
    assert.equal((await node.call('storage')).keptForOthers, 1);
    await assert.rejects(node.call('exportMessage', { which: DELETED, format: 'ogg' }), {
      code: 'no-message',
    });
    assert.deepEqual(
      log.filter((line) => /damaged|lost|cut off|aside/.test(line)),
      [],
    );
  });

  it('opens each message: the spoken tone is in it', async () => {
    for (const { number, pitchHz } of MESSAGES) {
      const { base64, durationMs } = await node.call('exportMessage', { which: number ?? '', format: 'wav' });
      assert.equal(durationMs, 400);
      const found = pitchOf(readWav(Buffer.from(base64, 'base64')));
      assert.ok(Math.abs(found - pitchHz) < 12, `#${number} has ${found} Hz instead of ${pitchHz}`);
    }
  });

  it('plays a message, and says whose it is', async () => {
    const [latest] = MESSAGES.filter(({ direction }) => direction === 'in');
    const messages = await node.call('messages');
    assert.deepEqual([...new Set(messages.map(({ name }) => name))], [BO.name]);
    await node.call('play', { which: latest?.id ?? '' });
    await eventually(
      async () => (await node.call('messages')).find(({ id }) => id === latest?.id)?.heard === true,
      'it was heard',
    );
  });

  it('keeps the name, the favourite, the settings and the saved addresses', async () => {
    const { talkKey, tones, language, keepDays, keepMegabytes, notifications } = await node.call('settings');
    assert.deepEqual(
      { talkKey, tones, language, keepDays, keepMegabytes, notifications },
      {
        ...{ talkKey: 'F9', tones: false, language: 'de', keepDays: 3650, keepMegabytes: 2048 },
        notifications: true,
      },
    );
    const addresses = await readFile(join(folder, 'profile', 'addresses.json'), 'utf8');
    assert.ok(addresses.includes('45678'), addresses);
    await node.close();
    const { name, favourites } = await savedSettings();
    assert.deepEqual([name, favourites], [ANN.name, [BO.id]]);
  });

  it('is the same after it was written by this version, and its secrets are its owner’s', async () => {
    await node.call('setSettings', { tones: true });
    await node.close();
    await open();
    assert.deepEqual((await node.call('messages')).map(keptOf), MESSAGES.map(withoutPitch));
    assert.equal((await node.call('settings')).tones, true);
    assert.equal((await node.call('status')).wasInOldOffice, true);
    if (process.platform === 'win32') return;
    for (const name of ['identity.json', 'office.json'])
      assert.equal((await stat(join(folder, 'profile', name))).mode & 0o077, 0, name);
  });

  it('comes into an office of today with the same keys, and has its messages and favourites there', async () => {
    await node.call('setup', { office: 'new', name: ANN.name, extension: ANN.extension });
    for (let start = 0; start < 2; start += 1) {
      const status = await node.call('status');
      assert.deepEqual([status.state, status.wasInOldOffice, status.node], ['running', false, ANN]);
      assert.deepEqual((await node.call('messages')).map(keptOf), MESSAGES.map(withoutPitch));
      assert.deepEqual(await node.call('people'), [], 'nobody of the old office is in it');
      await node.close();
      assert.deepEqual((await savedSettings()).favourites, [BO.id]);
      await open();
    }
  });

  const savedSettings = async () =>
    JSON.parse(await readFile(join(folder, 'profile', 'settings.json'), 'utf8')) as {
      readonly name: string;
      readonly favourites: readonly string[];
    };
});

function keptOf({ id, direction, startedAt, heard, number, storedOn, recipients }: MessageSummary) {
  return { id, direction, startedAt, heard, number, storedOn, recipient: recipients[0]?.state };
}

function withoutPitch({ pitchHz: _, ...kept }: Kept): Omit<Kept, 'pitchHz'> {
  return kept;
}

/** Upward crossings of zero in a second, from 100 ms to 300 ms. */
function pitchOf(samples: Int16Array): number {
  const [from, to] = [0.1 * RATE_HZ, 0.3 * RATE_HZ];
  let crossings = 0;
  for (let n = from; n < to; n++) if ((samples[n - 1] ?? 0) < 0 && (samples[n] ?? 0) >= 0) crossings++;
  return (crossings * RATE_HZ) / (to - from);
}
