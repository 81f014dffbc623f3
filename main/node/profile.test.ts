import assert from 'node:assert/strict';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import type { LocalizedText } from '../../i18n/index.ts';
import { SmallDisk } from '../../test/support/small-disk.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { nodePorts, type NodeId } from '../model/index.ts';
import { limitsOf, Profile } from './profile.ts';

const fixture = new URL('fixtures/settings-0.1.0.json', import.meta.url);

describe('the profile', () => {
  let dir: string;
  let file: string;
  const open = () => Profile.open(dir, (line) => assert.fail(line));
  beforeEach(async () => {
    dir = tempFolder('profile');
    file = join(dir, 'settings.json');
    await copyFile(fixture, file);
  });

  it('of version 0.1.0 is read: what was chosen stays, what is new has its default', async () => {
    const { profile, trouble } = await open();
    const { settings, shown } = profile;
    assert.equal(trouble, undefined);
    const { claimedAt, lastDialled, ...old } = JSON.parse(await readFile(fixture, 'utf8')) as Record<
      string,
      unknown
    >;
    assert.ok(claimedAt, 'since when one has a number, the ledger says now');
    assert.deepEqual(settings.talkTo, [{ extension: lastDialled }]);
    for (const [name, value] of Object.entries(old))
      assert.deepEqual(settings[name as keyof typeof settings], value, name);
    assert.equal(settings.presenceUntil, null);
    assert.deepEqual(settings.favourites, []);
    assert.deepEqual(
      [shown.tones, shown.latch, shown.notifications, shown.language, shown.personKeys],
      [true, false, true, null, []],
    );
    assert.deepEqual(limitsOf(settings), { maxBytes: 2 * 2 ** 30, retentionMs: 90 * 24 * 3_600_000 });
  });

  it('keeps what is changed, and what is noted', async () => {
    const { profile } = await open();
    await profile.change({ tones: false, favourites: [], personKeys: [{ extension: '102', key: 'F7' }] });
    await profile.note({ talkTo: [{ extension: '103' }] });
    const again = (await open()).profile;
    assert.deepEqual(again.settings, profile.settings);
    assert.equal(again.settings.name, 'Dana Fröhlich');
    assert.deepEqual([again.settings.tones, again.settings.talkTo], [false, [{ extension: '103' }]]);
  });

  it('keeps the last of what is changed and noted at the same time', async () => {
    const { profile } = await open();
    const changed = profile.change({ presence: 'busy', latch: true });
    // The change is being written now.
    await Promise.resolve();
    await Promise.all([changed, profile.note({ presence: 'away' })]);
    assert.deepEqual([profile.settings.presence, profile.settings.latch], ['away', true]);
    assert.deepEqual((await open()).profile.settings, profile.settings);
  });

  it('keeps both of two changes of one list, however soon the second comes', async () => {
    const { profile } = await open();
    const person = (letter: string) => letter.repeat(22) as NodeId;
    const add = (one: NodeId) =>
      profile.change(({ favourites }) => ({
        favourites: [...favourites.filter((other) => other !== one), one],
      }));
    await Promise.all([add(person('A')), add(person('Q')), add(person('A'))]);
    assert.deepEqual(profile.settings.favourites, [person('Q'), person('A')]);
    assert.deepEqual((await open()).profile.settings.favourites, profile.settings.favourites);
  });

  it('is read with a byte order mark before it', async () => {
    await writeFile(file, `\uFEFF${await readFile(fixture, 'utf8')}`);
    const { profile, trouble } = await open();
    assert.equal(trouble, undefined);
    assert.equal(profile.settings.extension, '204');
  });

  it('that holds nothing readable is set aside, and that is said', async () => {
    for (const text of ['', '\0'.repeat(700), '{"v":1,', 'null', '[]', '7']) {
      await writeFile(file, text);
      const { profile, trouble } = await open();
      assert.equal(trouble?.code, 'damaged-settings', text);
      assert.ok(trouble.message.includes(`${file}.damaged`));
      assert.equal(profile.settings.talkKey, 'F9');
      assert.equal(await readFile(`${file}.damaged`, 'utf8'), text);
      await profile.note({});
      assert.equal((await open()).trouble, undefined, 'it is said once');
    }
  });

  it('of a later version is read as far as it is understood, or one that another program changed: both is said once', async () => {
    const { profile: first } = await open();
    await first.change({ tones: false });
    const written = await readFile(file, 'utf8');
    for (const [text, code, tones] of [
      [written.replace('"tones": false', '"tones": true'), 'settings-changed', true],
      [written.replace('"v": 1', '"v": 2,\n  "tomorrow": {}'), 'settings-newer', false],
    ] as const) {
      assert.notEqual(text, written);
      await writeFile(file, text);
      const { profile, trouble } = await open();
      assert.deepEqual([trouble?.code, profile.settings.tones], [code, tones]);
      assert.equal(profile.settings.name, 'Dana Fröhlich');
      assert.equal(await readFile(`${file}.damaged`, 'utf8'), text);
      await profile.note({});
      assert.equal((await open()).trouble, undefined);
    }
  });

  it('loses nothing but the field that is strange, and keeps the file as it was', async () => {
    const whole = JSON.parse(await readFile(fixture, 'utf8')) as object;
    for (const [strange, names] of [
      [{ ready: 'auto' }, 'ready'],
      [{ keepDays: 0, language: 'tlh' }, 'language, keepDays'],
      [{ favourites: ['x'] }, 'favourites'],
      [{ v: 2, ready: 'auto' }, 'ready'],
    ] as const) {
      const text = JSON.stringify({ ...whole, ...strange });
      await writeFile(file, text);
      const { profile, trouble } = await open();
      assert.equal(trouble?.code, 'settings-reset');
      assert.ok(trouble.message.includes(`: ${names}.`), trouble.message);
      const { name, extension, talkKey, keepDays, v } = profile.settings;
      assert.deepEqual(
        [name, extension, talkKey, keepDays, v],
        ['Dana Fröhlich', '204', 'Ctrl+Alt+Space', 90, 1],
      );
      assert.equal(await readFile(`${file}.damaged`, 'utf8'), text);
      await profile.note({});
      assert.equal((await open()).trouble, undefined, 'it is said once');
    }
  });
});

describe('the profile on a full disk', () => {
  it('refuses a change and stays as it is; what is noted holds, is said, and is saved later', async (t) => {
    const disk = SmallDisk.mount('64k');
    if (typeof disk === 'string') {
      t.skip(disk);
      return;
    }
    t.after(() => disk.unmount());
    const log: string[] = [];
    let retry: (() => void) | undefined;
    let cancelled = 0;
    const open = () =>
      Profile.open(disk.path, (line) => log.push(line), {
        ...nodePorts,
        schedule: (task) => {
          retry = task;
          return () => (cancelled += 1);
        },
      });
    const { profile } = await open();
    await profile.change({ tones: false });
    const troubles: (LocalizedText | undefined)[] = [];
    profile.onUnsaved((trouble) => troubles.push(trouble));
    disk.fill();
    const before = profile.settings;
    await assert.rejects(profile.change({ latch: true }), {
      code: 'settings-not-saved',
      message: 'This could not be saved, so nothing has changed. The disk is full: make room on it.',
    });
    assert.deepEqual(profile.settings, before);
    await profile.change({ tones: false });
    assert.equal(troubles.length, 1, 'what is on the disk already is no trouble');
    await profile.note({ revision: 7 });
    assert.equal(troubles.length, 1, 'nobody chose the revision of the record');

    await profile.note({ presence: 'dnd' });
    assert.equal(profile.settings.presence, 'dnd');
    assert.match(troubles.at(-1)?.sentence ?? '', /in use but could not be saved yet.*The disk is full/);
    assert.match(log.join('\n'), /^settings could not be saved: ENOSPC/);
    assert.equal((await open()).profile.settings.presence, 'available');

    disk.makeRoom();
    assert.ok(retry);
    retry();
    await profile.change({});
    assert.equal(troubles.at(-1), undefined);
    assert.deepEqual((await open()).profile.settings, { ...before, revision: 7, presence: 'dnd' });
    await profile.close();
    assert.ok(cancelled > 0, 'nothing is tried after the end');
  });
});
