import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { isComplete } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';

it('a node writes no voice and no key in the open, and keeps every file to its owner', async (t) => {
  const office = officeFor(t);
  const [ann, bob] = await office.people('101', '102');
  const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(1000) });
  for (const member of [ann, bob]) {
    await member.untilSo(isComplete(id));
    const { base64 } = await member.node.call('exportMessage', { which: id, format: 'ogg' });
    const voice = piecesOf(Buffer.from(base64, 'base64'));
    assert.ok(voice.length >= 10, `${voice.length} pieces of the voice are looked for`);
    // A node that runs replaces its files at any moment.
    await office.close(member);
    await assertSealed(member.profile, voice);
  }
});

async function assertSealed(profile: string, voice: readonly Buffer[]): Promise<void> {
  const secrets = [
    ...(await secretsIn(profile, 'identity.json')),
    ...(await secretsIn(profile, 'office.json')),
  ];
  assert.ok(secrets.length >= 3, `${secrets.length} keys are looked for`);
  let stored = 0;
  for (const path of ['', ...(await readdir(profile, { recursive: true }))]) {
    const info = await stat(join(profile, path));
    // Of a folder, this says that nobody else may enter it.
    assert.equal(info.mode & 0o077, 0, `others may not reach ${path}`);
    if (!info.isFile()) continue;
    const bytes = await readFile(join(profile, path));
    if (path.endsWith('.crm')) stored += bytes.length;
    for (const piece of voice) assert.ok(!bytes.includes(piece), `${path} holds a piece of the voice`);
    for (const { name, secret } of secrets)
      assert.ok(path === name || !bytes.includes(secret), `${path} holds a key of ${name}`);
  }
  assert.ok(stored > 1000, `${stored} bytes of messages are stored`);
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
