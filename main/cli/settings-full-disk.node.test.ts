import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Settings, Status } from '../../preload/api.ts';
import { commandLine } from '../../test/support/command-line.ts';
import { Headless } from '../../test/support/headless.ts';
import { SmallDisk } from '../../test/support/small-disk.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';

describe('the command line, on a full disk', { timeout: 240_000 }, () => {
  it('refuses a setting that cannot be saved, with 1 and a sentence, and keeps one that can', async (t) => {
    const disk = SmallDisk.mount('2m');
    if (typeof disk === 'string') {
      t.skip(disk);
      return;
    }
    t.after(() => disk.unmount());
    const profile = join(disk.path, 'profile');
    const elsewhere = tempFolder('heard');
    const start = (): Promise<Headless> =>
      Headless.start({
        ...{ name: 'Ana', extension: '101', office: 'new', interface: '127.0.0.1', profile },
        // Elsewhere: what it hears would take and free room on the disk.
        speaker: `file:${join(elsewhere, 'heard.wav')}`,
      });
    const { corridor } = commandLine(() => profile);

    let node = await start();
    t.after(() => node.stop());
    // The node saves its record's revision once it has joined. This answer comes after that: no file shrinks afterwards.
    await node.api.call('setSettings', { keepDays: 90 });
    disk.fill();
    const refused = await corridor('settings', '--set', 'tones=off', '--set', 'keepDays=7');
    assert.equal(refused.exit, 1, refused.printed);
    assert.match(
      refused.printed,
      /^corridor: This could not be saved, so nothing has changed\. The disk is full/,
    );
    const sound = await corridor('sound', '--ready', 'cold', '--json');
    assert.equal(sound.exit, 1, sound.printed);
    assert.equal((JSON.parse(sound.printed) as { code: string }).code, 'settings-not-saved');
    const kept = await node.api.call('settings');
    assert.deepEqual([kept.tones, kept.keepDays, kept.ready], [true, 90, 'warm']);

    // Presence takes effect whatever the disk does, and the answer says that it is not saved.
    const presence = await corridor('presence', 'dnd');
    assert.equal(presence.exit, 0, presence.printed);
    assert.match(presence.printed, /^You are .*\n.*in use but could not be saved yet/);

    disk.makeRoom();
    const taken = await corridor('settings', '--set', 'tones=off', '--json');
    assert.equal(taken.exit, 0, taken.printed);
    assert.equal((JSON.parse(taken.printed) as Settings).tones, false);
    const status = await corridor('sound', '--ready', 'cold', '--json');
    assert.equal(status.exit, 0, status.printed);
    assert.deepEqual((JSON.parse(status.printed) as Status).troubles.filter(isUnsaved), []);

    // Killed, it writes nothing more: what it knows then was on the disk.
    await node.stop({ signal: 'SIGKILL' });
    node = await start();
    const again = await node.api.call('settings');
    assert.deepEqual([again.tones, again.ready, again.keepDays], [false, 'cold', 90]);
    assert.equal((await node.api.call('status')).presence, 'dnd');
  });
});

function isUnsaved({ code }: { readonly code: string }): boolean {
  return code === 'settings-unsaved';
}
