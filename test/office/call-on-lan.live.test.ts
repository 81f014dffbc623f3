import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { NodeEvent } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import type { Headless } from '../support/headless.ts';
import { headlessOnLan } from '../support/headless-on-lan.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { levelDb } from '../support/level.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { toneWav } from '../support/tone.ts';

const SLICE_MS = 100;
const SAMPLES_PER_MS = 48;
const WAV_HEADER_BYTES = 44;
/** A tone is far above, and what a jitter buffer makes up for a lost packet is soon below. */
const VOICE_DB = -45;
/** What a busy machine may leave out of a voice without anything being wrong, ms. */
const GAP_MS = 300;
/** Longer than a change of address takes. */
const TONE_MS = 45_000;
const skip = whyNoLan() ?? false;

type Talker = 'ann' | 'bo';

/** Ann and Bo talk; the switch is a third computer. Each speaks without a pause. */
describe('a call across a LAN', { skip, timeout: 150_000 }, () => {
  const folder = tempFolder('call-on-lan');
  const nodes = new Map<string, Headless>();
  let lan: Lan;

  const of = (host: string): Headless => nodes.get(host)!;
  const start = async (host: string, extension: string, office: string) =>
    nodes.set(host, await headlessOnLan(lan, folder, { host, extension, office }));
  const sees = async (host: string, count: number) =>
    (await of(host).api.call('people')).filter(({ presence }) => presence === 'available').length === count;

  before(async () => {
    lan = createLan({ hosts: ['hub', 'ann', 'bo'] });
    await start('hub', '100', 'new');
    const { link } = await of('hub').api.call('joinLink');
    await Promise.all([start('ann', '101', link), start('bo', '102', link)]);
    await eventually(async () => (await sees('ann', 2)) && (await sees('bo', 2)), 'all see each other');
  });
  after(async () => {
    await Promise.all([...nodes.values()].map((node) => node.stop()));
    await lan?.stop();
  });

  const callsOf = async (host: string) => (await of(host).api.call('status')).calls;
  const isTalking = async (host: string) => (await callsOf(host)).some(({ state }) => state === 'active');

  /** Ann calls Bo; both hear each other. */
  async function talk(): Promise<string> {
    await eventually(() => sees('ann', nodes.size - 1), 'Bo can be called');
    const { id } = await of('ann').api.call('startCall', { dial: '102', wavBase64: toneWav(TONE_MS) });
    await eventually(async () => (await callsOf('bo')).length > 0, 'it rings at Bo');
    await of('bo').api.call('controlCall', { action: 'answer', wavBase64: toneWav(TONE_MS, { hz: 330 }) });
    await Promise.all([hears('ann'), hears('bo')]);
    return id;
  }
  afterEach(async () => {
    if (await isTalking('ann')) await of('ann').api.call('controlCall', { action: 'hang-up' });
    for (const host of ['ann', 'bo'])
      await eventually(async () => (await callsOf(host)).length === 0, 'nobody is in a call');
  });

  /** How loud each tenth of a second was that this loudspeaker has given out since it had given out this many bytes. */
  async function loudness(host: Talker, since: number): Promise<number[]> {
    const file = await open(join(folder, `${host}.wav`));
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.max(0, size - since) & ~1);
      await file.read(bytes, 0, bytes.length, since);
      const samples = Int16Array.from({ length: bytes.length / 2 }, (_, n) => bytes.readInt16LE(n * 2));
      const slice = SLICE_MS * SAMPLES_PER_MS;
      const count = Math.floor(samples.length / slice);
      return Array.from({ length: count }, (_, n) => levelDb(samples.subarray(n * slice, (n + 1) * slice)));
    } finally {
      await file.close();
    }
  }
  const givenOut = async (host: Talker): Promise<number> => {
    const file = await open(join(folder, `${host}.wav`), 'a+');
    const { size } = await file.stat().finally(() => file.close());
    return Math.max(WAV_HEADER_BYTES, size & ~1);
  };
  /** Resolves once the other one’s voice sounds there for a second from now on, without a pause. */
  async function hears(host: Talker): Promise<void> {
    const since = await givenOut(host);
    await eventually(
      async () => {
        const second = (await loudness(host, since)).slice(-1000 / SLICE_MS);
        return second.length === 1000 / SLICE_MS && second.every((db) => db > VOICE_DB);
      },
      `${host} hears the other one`,
      30_000,
    );
  }

  it('goes on while the switch is killed and another one is elected: nobody hears a gap', async () => {
    const { role, node } = await of('hub').api.call('status');
    assert.equal(role, 'switch');
    await talk();
    const since = { ann: await givenOut('ann'), bo: await givenOut('bo') };
    const hub = of('hub');
    hub.process.kill('SIGKILL');
    nodes.delete('hub');
    await eventually(async () => {
      const leaders = await Promise.all(
        [...nodes.values()].map(async ({ api }) => (await api.call('status')).switch?.id),
      );
      return leaders.every((id) => id !== undefined && id !== node?.id && id === leaders[0]);
    }, 'they follow another switch');
    await Promise.all([hears('ann'), hears('bo')]);
    for (const host of ['ann', 'bo'] as const) {
      assert.ok(await isTalking(host));
      const silent = (await loudness(host, since[host])).map((db) => (db > VOICE_DB ? 'x' : '_')).join('');
      const longest = Math.max(...silent.split('x').map(({ length }) => length)) * SLICE_MS;
      assert.ok(longest <= GAP_MS, `${host} heard nothing for ${longest} ms: ${silent}`);
    }
    await hub.stop();
  });

  for (const [host, address] of [
    ['bo', '10.77.1.71'],
    ['ann', '10.77.1.72'],
  ] as const) {
    it(`goes on where the network of ${host === 'ann' ? 'the caller' : 'whoever was called'} changes: both hear each other again`, async () => {
      const id = await talk();
      const isThere = (event: NodeEvent) =>
        event.type === 'status' && event.status.endpoints?.address === address;
      const moved = performance.now();
      lan.readdress(host, address);
      await of(host).until(isThere, 20_000, moved);
      await Promise.all([hears('ann'), hears('bo')]);
      for (const each of ['ann', 'bo'])
        assert.deepEqual(
          (await callsOf(each)).map((call) => [call.id, call.state]),
          [[id, 'active']],
        );
    });
  }
});
