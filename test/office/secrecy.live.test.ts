import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { headlessOnLan } from '../support/headless-on-lan.ts';
import type { Headless } from '../support/headless.ts';
import { createLan, whyNoLan, type Lan } from '../support/lan.ts';
import { isComplete } from '../support/messages.ts';
import { missingSpeech, speak } from '../support/speech.ts';
import { tempFolder } from '../support/temp-folder.ts';

const noShark = spawnSync('tshark', ['--version']).error && 'tshark is not installed (Debian: tshark)';
const skip = whyNoLan() ?? missingSpeech() ?? noShark ?? false;

const HOSTS = ['north', 'east', 'south'] as const;
type Host = (typeof HOSTS)[number];
const PEOPLE: Record<Host, { readonly name: string; readonly extension: string }> = {
  north: { name: 'Annemarie Quellenbaum', extension: '730418' },
  east: { name: 'Bohumil Dvorschak', extension: '592746' },
  south: { name: 'Kimberley Ostrowska', extension: '864093' },
};
const GROUP = { name: 'Vertriebskollegium', extension: '715024' };
const TYPED = 'The contract with Mirabellenhof is void';
const REPLY = 'Does Reineclaude know of it?';
/** This many bytes of sound do not come twice by chance. */
const PIECE_BYTES = 20;
/** The headers of an Ogg file end before this. */
const OGG_SOUND_AT = 1024;

/** The bytes by which a text stands in a packet that is not sealed: as it is, in UTF-16, in hexadecimal digits, and in base64. */
function tracesOf(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const inBase64 = [0, 1, 2]
    .map((from) => bytes.subarray(from, from + Math.floor((bytes.length - from) / 3) * 3))
    .filter(({ length }) => length >= 6)
    .map((part) => Buffer.from(part.toString('base64')));
  return [bytes, Buffer.from(text, 'utf16le'), Buffer.from(bytes.toString('hex')), ...inBase64];
}

/** What of this is in the packets, as somebody without keys reads them. */
function readIn(packets: Buffer, texts: readonly string[]): string[] {
  return texts.filter((text) => tracesOf(text).some((trace) => packets.includes(trace)));
}

/** The pieces of a sound file that are in the packets. */
function soundIn(packets: Buffer, ogg: Buffer): number {
  let found = 0;
  for (let at = OGG_SOUND_AT; at + PIECE_BYTES <= ogg.length; at += PIECE_BYTES)
    if (packets.includes(ogg.subarray(at, at + PIECE_BYTES))) found += 1;
  return found;
}

describe('an office, of which somebody sees every packet', { skip, timeout: 120_000 }, () => {
  const dir = tempFolder('secrecy');
  const nodes = new Map<Host, Headless>();
  let lan: Lan;
  const node = (host: Host) => nodes.get(host)!;

  const start = async (host: Host, office: string) =>
    nodes.set(host, await headlessOnLan(lan, dir, { host, office, ...PEOPLE[host] }));

  before(() => {
    lan = createLan({ hosts: HOSTS });
  });
  after(async () => {
    await Promise.all([...nodes.values()].map((one) => one.stop()));
    await lan?.stop();
  });

  it('gives away no name, no number, no word and no voice', async () => {
    const file = join(dir, 'packets.pcapng');
    await start('north', 'new');
    // At first it announces its founder's name.
    await node('north').api.call('setOffice', { announced: false });
    const endCapture = await lan.capture(file);
    const { link } = await node('north').api.call('joinLink');
    for (const host of ['east', 'south'] as const) await start(host, link);
    const idOf = async (host: Host) => (await node(host).api.call('status')).node!.id;
    for (const host of HOSTS)
      await eventually(async () => {
        const people = await node(host).api.call('people');
        return people.filter(({ presence }) => presence === 'available').length === HOSTS.length - 1;
      }, `${host} sees the others`);

    const speech = readFileSync(speak(dir, 'The contract is void, and nobody else knows it.').file).toString(
      'base64',
    );
    const { id } = await node('north').api.call('talkRecording', {
      ...{ dial: PEOPLE.east.extension, wavBase64: speech },
    });
    await node('east').until(isComplete(id));
    await node('east').api.call('talkText', { dial: PEOPLE.north.extension, text: TYPED });
    const people = await Promise.all([idOf('north'), idOf('south')]);
    await node('north').api.call('makeGroup', { ...GROUP, people });
    await eventually(
      async () => (await node('south').api.call('groups')).some(({ name }) => name === GROUP.name),
      'the group is known',
    );
    await node('south').api.call('talkText', { dial: GROUP.extension, text: REPLY });
    await node('south').api.call('startCall', {
      ...{ dial: PEOPLE.north.extension, wavBase64: speech },
    });
    await eventually(
      async () => (await node('north').api.call('status')).calls.some(({ direction }) => direction === 'in'),
      'it rings at North',
    );
    await node('north').api.call('controlCall', { action: 'answer', wavBase64: speech });
    for (const host of ['north', 'south'] as const)
      await eventually(
        async () => (await node(host).api.call('status')).calls.some(({ state }) => state === 'active'),
        `${host} is in the call`,
      );
    await node('east').api.call('setPresence', { presence: 'dnd' });
    await eventually(
      async () =>
        (await node('north').api.call('people')).some(
          ({ extension, presence }) => extension === PEOPLE.east.extension && presence === 'dnd',
        ),
      'North knows that East is not to be disturbed',
    );
    await node('north').api.call('controlCall', { action: 'hang-up' });
    await endCapture();

    const packets = readFileSync(file);
    const members = Object.values(PEOPLE).flatMap(({ name, extension }) => [
      name,
      ...name.split(' '),
      extension,
    ]);
    const secrets = [...members, GROUP.name, GROUP.extension, TYPED, REPLY, 'Mirabellenhof', 'Reineclaude'];
    assert.deepEqual(readIn(packets, secrets), []);
    const { base64 } = await node('east').api.call('exportMessage', { which: id, format: 'ogg' });
    const ogg = Buffer.from(base64, 'base64');
    assert.ok(ogg.length > 2 * OGG_SOUND_AT, 'there is a voice to look for');
    assert.equal(soundIn(packets, ogg), 0);
  });

  it('would be heard by this test if it gave anything away', async () => {
    const file = join(dir, 'plain.pcapng');
    const endCapture = await lan.capture(file);
    const said = JSON.stringify({
      name: PEOPLE.east.name,
      key: Buffer.from(`a ${TYPED}`).toString('base64'),
    });
    await lan.run('north', 'bash', ['-c', `printf %s '${said}' > /dev/udp/${lan.address('east')}/9`]);
    await endCapture();
    assert.deepEqual(readIn(readFileSync(file), [PEOPLE.east.name, TYPED, PEOPLE.south.name]), [
      PEOPLE.east.name,
      TYPED,
    ]);
  });
});
