import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { writeWav } from '../../native-audio/index.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';
import { withoutSecrets } from './diagnostics.ts';
import { LogTail } from './log-tail.ts';

/** So many characters of a secret in a row are too many; ids and keys are cut to four. */
const TOO_MANY = 8;

function leaks(text: string, secret: string): string | undefined {
  for (let from = 0; from + TOO_MANY <= secret.length; from++) {
    const part = secret.slice(from, from + TOO_MANY);
    if (text.includes(part)) return part;
  }
  return undefined;
}

/** In every form that bytes are written in. */
function forms(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  return [buffer.toString('hex'), buffer.toString('base64'), buffer.toString('base64url')];
}

/** Every text of at least 22 characters in a file of the profile. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 22 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const paths = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : Promise.resolve([path]);
  });
  return (await Promise.all(paths)).flat();
}

describe('diagnostics', { timeout: 30_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  let bob: Member;
  before(async () => {
    ann = await office.add('101');
    bob = await office.add('102');
    await office.settled();
  });
  after(() => office.stop());

  const secretsOf = async ({ profile, node }: Member): Promise<string[]> => {
    const secrets = [(await node.call('joinLink')).link.replace(/^.*\//, '')];
    for (const name of ['identity.json', 'office.json']) {
      const file = JSON.parse(await readFile(join(profile, name), 'utf8')) as Record<string, unknown>;
      for (const text of textsIn(file)) {
        // The rest of a certificate’s last line is no secret, and nothing to know it by.
        const least = text.includes('CERTIFICATE') ? 32 : TOO_MANY;
        const bare = text.split('\n').filter((line) => !line.startsWith('-----') && line.length >= least);
        secrets.push(...bare);
        for (const line of bare) secrets.push(...forms(Buffer.from(line, 'base64')));
      }
    }
    return secrets.filter((secret) => secret.length >= TOO_MANY);
  };

  it('say what is needed to help', async () => {
    ann.node.call('addAddress', { address: 'no-such-host.invalid' }).catch(() => undefined);
    const { text } = await ann.node.call('diagnostics');
    for (const word of [
      'Corridor 0.',
      process.platform,
      `node ${process.versions.node}`,
      '"presence": "available"',
      '"talkKey": "F9"',
      'microphone',
      '"extension":"102"',
      '== Log',
      '"freeBytes"',
    ])
      assert.ok(text.includes(word), word);
    assert.ok(
      !text.includes(process.env['HOME'] ?? 'no home'),
      'where a person’s home is, is nobody’s business',
    );
  });

  it('leak no key, no link, no private key and no id, though all stand where a person may type', async () => {
    const secrets = await secretsOf(ann);
    assert.ok(secrets.length > 20);
    const { link } = await ann.node.call('joinLink');
    for (const [n, secret] of secrets.entries()) {
      const part = n % 3 === 0 ? `key ${secret}`.slice(0, 250) : secret.slice(0, 250);
      await ann.node.call('setSettings', { microphone: part });
      const { text } = await ann.node.call('diagnostics');
      for (const each of [secret, ...(n % 8 === 0 ? secrets : [])])
        assert.equal(leaks(text, each), undefined, `${each} leaks in ${text}`);
    }
    await ann.node.call('setup', { name: link, extension: '101' });
    const { text } = await ann.node.call('diagnostics');
    for (const secret of secrets) assert.equal(leaks(text, secret), undefined);
    const { node } = await ann.node.call('status');
    assert.ok(node && leaks(text, node.id) === undefined);
  });

  it('hold nothing of a message', async () => {
    const wav = writeWav(Int16Array.from({ length: 24_000 }, (_, n) => 7000 * Math.sin(n / 40)));
    const { id } = await bob.node.call('talkRecording', { dial: '101', wavBase64: wav.toString('base64') });
    await ann.untilSo(
      (event) => event.type === 'message' && event.message.id === id && event.message.complete,
    );
    const { text } = await ann.node.call('diagnostics');
    assert.equal(leaks(text, id), undefined);
    let looked = 0;
    for (const file of await filesIn(join(ann.profile, 'store'))) {
      const bytes = await readFile(file);
      for (let from = 0; from + 24 <= bytes.length; from += 24) {
        looked += 1;
        // Zeros and JSON’s own words are no content.
        const part = bytes.subarray(from, from + 24);
        if (new Set(part).size < 16 || /[ -~]{16}/.test(part.toString('latin1'))) continue;
        for (const form of forms(part)) assert.ok(!text.includes(form), form);
      }
    }
    assert.ok(looked > 100, `${looked} pieces of the store were looked for`);
  });

  it('keep the last lines of the log only, cut and without keys', () => {
    let now = 0;
    const tail = new LogTail(() => now);
    for (let n = 0; n < 1000; n++) {
      now = n;
      tail.add(`line ${n} ${randomBytes(16).toString('base64url')}`);
    }
    assert.equal(tail.lines().length, 200);
    assert.match(tail.lines()[199] ?? '', /^1970-01-01T00:00:00\.999Z line 999 .{4}…$/);
    const key = randomBytes(16).toString('base64url');
    for (let pad = 470; pad < 520; pad++) {
      tail.add(`${'x '.repeat(pad / 2)}${key}`);
      assert.equal(leaks(tail.lines()[199] ?? '', key), undefined, 'also where the line is cut');
    }
  });

  it('know this node’s own secrets in whatever form', () => {
    const secret = randomBytes(32);
    for (const form of forms(secret)) {
      const text = withoutSecrets(`a ${form} b/${form}/c`, forms(secret));
      for (const each of forms(secret)) assert.equal(leaks(text, each), undefined, text);
    }
  });
});
