import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { limitsOf, Profile } from './profile.ts';

const fixture = new URL('fixtures/settings-0.1.0.json', import.meta.url);

describe('the profile', () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-profile-'));
  const file = join(dir, 'settings.json');
  const open = () => Profile.open(dir, (line) => assert.fail(line));
  after(() => rm(dir, { recursive: true }));

  it('of version 0.1.0 is read: what was chosen stays, what is new has its default', async () => {
    await copyFile(fixture, file);
    const { settings, shown } = await open();
    const old = JSON.parse(await readFile(fixture, 'utf8')) as Record<string, unknown>;
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

  it('keeps what is changed', async () => {
    const profile = await open();
    await profile.change({ tones: false, favourites: [], personKeys: [{ extension: '102', key: 'F7' }] });
    const again = await open();
    assert.deepEqual(again.settings, profile.settings);
    assert.equal(again.settings.name, 'Dana Fröhlich');
  });

  it('of a newer Corridor, or damaged, is refused and left as it is', async () => {
    for (const text of ['{"v":2,"name":"Dana"}', '{"v":1,', '{"v":1,"keepDays":0}', 'null', '[]']) {
      await writeFile(file, text);
      await assert.rejects(open(), { code: 'damaged-settings' }, text);
      assert.equal(await readFile(file, 'utf8'), text);
    }
  });
});
