import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { filesIn, openFolder, PROFILE, usedProfile } from '../../test/support/used-profile.ts';
import { IDENTITY_FILE } from '../identity/index.ts';
import { closeProfileFolder, type ProfileFolder } from './profile-folder.ts';

async function close(folder: ProfileFolder): Promise<void> {
  await folder.savedOffice?.ledger.close();
  await closeProfileFolder(folder);
}

/** What a file can become. `isRead`: nothing of it is lost, and nothing is said. */
const DAMAGES: Readonly<
  Record<string, { readonly isRead?: true; readonly change: (content: Buffer) => Buffer }>
> = {
  'is empty': { change: () => Buffer.alloc(0) },
  'is full of zeros': { change: (content) => Buffer.alloc(Math.max(content.length, 400)) },
  'is cut off': { change: (content) => content.subarray(0, Math.floor(content.length / 2)) },
  'holds other JSON': { change: () => Buffer.from('{}\n') },
  'holds no object': { change: () => Buffer.from('null\n') },
  'is nested without end': { change: () => Buffer.from('['.repeat(100_000)) },
  'is of a later version': {
    change: (content) => Buffer.from(content.toString().replace(/("v(?:ersion)?": ?)\d/, '$199')),
  },
  'has another letter': {
    change: (content) => Buffer.from(content.toString().replace(/[1-9](?=[^1-9]*$)/, '0')),
  },
  'begins with a byte order mark': {
    isRead: true,
    change: (content) => Buffer.from(`\uFEFF${content.toString()}`),
  },
};
/** Sealed transcripts and messages have tests of their own: see the store's, and `transcribing`. */
const OF_MESSAGES = /\.(crm|txt)$/;
const LEDGER = 'ledger-ID.jsonl';

/** Each line of the ledger is signed: it has no version and no checksum, and one that is damaged comes again from colleagues. */
const DOES_NOT_APPLY = (kind: string, how: string): boolean =>
  kind === LEDGER && how === 'is of a later version';

describe('a profile folder opens, and its person can go on, where', async () => {
  const disk = await usedProfile();
  const files = (await filesIn(disk)).filter((path) => !OF_MESSAGES.test(path));
  const kinds = files.map((path) => path.slice(PROFILE.length + 1).replace(/-[\w-]{22}\./, '-ID.'));

  it('(all files of a profile are tried)', () => {
    assert.deepEqual(kinds, [
      ...['addresses.json', 'directory.json', 'identity.json', 'invitations-ID.json', 'ledger-ID.jsonl'],
      ...['office.json', 'online.json', 'settings.json', 'starts.json', 'store/id.json'],
      'store/index/000001.json',
    ]);
  });

  for (const [index, kind] of kinds.entries()) {
    // With the key would go the person's number and every message not yet heard: it is never replaced.
    if (kind === IDENTITY_FILE) continue;
    for (const [how, { change, isRead }] of Object.entries(DAMAGES)) {
      if (DOES_NOT_APPLY(kind, how)) continue;
      it(`${kind} ${how}`, async () => {
        const left = disk.afterPowerFailure('kept');
        const path = files[index]!;
        left.spoil(path, change);
        const spoiled = await left.readText(path);
        for (const start of ['the first start', 'the next start']) {
          const log: string[] = [];
          const folder = await openFolder(left, log).catch((cause: Error) => {
            throw new Error(`${start} fails`, { cause });
          });
          if (kind !== 'settings.json') assert.equal(folder.profile.settings.name, 'Dana');
          assert.equal(folder.store.list().length, 1, 'the message is here');
          const isFirst = start === 'the first start';
          const said = [...folder.damaged.map(({ message }) => message), ...log].join(' ');
          if (isRead) assert.equal(said, '');
          else if (isFirst)
            assert.match(said, kind === LEDGER ? /ledger|office/ : new RegExp(basename(path)));
          await close(folder);
        }
        if (isRead || kind === LEDGER) return;
        const asides = (await filesIn(left)).filter((one) => /\.(damaged|newer)$/.test(one));
        assert.deepEqual(
          await Promise.all(asides.map((one) => left.readText(one))),
          [spoiled],
          'what it was is beside it',
        );
      });
    }
  }

  it('office.json is damaged: it is set aside, and each start says so until there is an office again', async () => {
    const path = join(PROFILE, 'office.json');
    const left = disk.afterPowerFailure('kept');
    left.spoil(path, () => Buffer.from('{"version":2}'));
    for (const start of [1, 2]) {
      const folder = await openFolder(left);
      assert.equal(folder.savedOffice, undefined);
      assert.deepEqual(
        folder.damaged.map(({ code, message }) => [code, message.includes(`${path}.damaged`)]),
        [['office-damaged', true]],
        `start ${start}`,
      );
      assert.equal(await left.readText(`${path}.damaged`), '{"version":2}');
      await close(folder);
    }
    const office = await usedProfile(left, 'Sued');
    const after = await openFolder(office);
    assert.deepEqual([after.damaged, after.savedOffice?.ledger.standing.settings.get('name')], [[], 'Sued']);
    await close(after);
  });
});
