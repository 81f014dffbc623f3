import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { autostartEntry, putAutostart } from './autostart.ts';

const dir = tempFolder('autostart');

const exec = (...command: string[]) => /^Exec=(.*)$/m.exec(autostartEntry(command))?.[1];

test('each argument stays one argument by the quoting rules of desktop files', () => {
  assert.equal(exec('/opt/Corridor/corridor', '--hidden'), '/opt/Corridor/corridor --hidden');
  assert.equal(exec('/home/a b/Corridor.AppImage'), '"/home/a b/Corridor.AppImage"');
  assert.equal(exec('/100%/corridor'), '/100%%/corridor');
  // The quoting rule makes \$ of $, the rule of string values makes \\$ of that.
  assert.equal(exec('/a$(reboot)`x`'), '"/a\\\\$(reboot)\\\\`x\\\\`"');
  assert.equal(exec('/a"; reboot'), '"/a\\\\"; reboot"');
  assert.equal(exec('C:\\x y'), '"C:\\\\\\\\x y"');
  assert.throws(() => exec('/a\nExec=reboot'), RangeError);
});

test('the login entry is written, changed and removed', () => {
  const path = join(dir, 'config', 'autostart', 'corridor.desktop');
  putAutostart(path, undefined);
  putAutostart(path, autostartEntry(['/opt/one']));
  putAutostart(path, autostartEntry(['/opt/two']));
  assert.match(readFileSync(path, 'utf8'), /^\[Desktop Entry\]\n[^]*\nExec=\/opt\/two\n/);
  assert.deepEqual(readdirSync(join(dir, 'config', 'autostart')), ['corridor.desktop']);
  putAutostart(path, undefined);
  assert.equal(existsSync(path), false);
});

test(
  'a folder that cannot be written is an error, and leaves nothing',
  { skip: process.getuid?.() === 0 },
  () => {
    chmodSync(dir, 0o500);
    try {
      assert.throws(() => putAutostart(join(dir, 'no', 'corridor.desktop'), autostartEntry(['/opt/one'])));
    } finally {
      chmodSync(dir, 0o700);
    }
  },
);
