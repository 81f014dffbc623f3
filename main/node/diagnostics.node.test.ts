import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { say } from '../../test/support/messages.ts';
import { officeFor, type Member } from '../../test/support/office.ts';
import { toneWav } from '../../test/support/tone.ts';
import { forms, leaks, TOO_MANY } from './test-leaks.ts';

/** Every text of at least 22 characters in a file of the profile. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= 22 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

async function secretsOf({ profile, node }: Member): Promise<string[]> {
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
}

it('diagnostics say what is needed to help', async (t) => {
  const [ann] = await officeFor(t).people('101', '102');
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

it('diagnostics leak no key, no link, no private key and no id, though all stand where a person may type', async (t) => {
  const [ann] = await officeFor(t).people('101', '102');
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

it('diagnostics hold nothing of a message', async (t) => {
  const office = officeFor(t);
  const [ann, bob] = await office.people('101', '102');
  const id = await say(bob, ann, toneWav(500));
  const { text } = await ann.node.call('diagnostics');
  assert.equal(leaks(text, id), undefined);
  // A node that runs replaces its files at any moment.
  await office.close(ann);
  const store = join(ann.profile, 'store');
  let looked = 0;
  for (const entry of await readdir(store, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
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
