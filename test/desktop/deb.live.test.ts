import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe } from 'node:test';
import { startDesktop, type TestDesktop } from '../support/desktop.ts';
import { eventually } from '../support/eventually.ts';
import { OwnRoot, whyNoOwnRoot } from '../support/own-root.ts';
import { story } from '../support/story.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { run } from './desktop-app.ts';
import { makePackage, ProgramGroup, skip } from './made-package.ts';

const USER = 'dana';
const HOME = '/home/dana';

/** The deb, installed in a private copy of this system. */
describe('the deb', { skip: skip || (whyNoOwnRoot() ?? false), timeout: 300_000 }, () => {
  const dir = tempFolder('deb');
  let desk: TestDesktop;
  let system: OwnRoot;
  let app: ProgramGroup | undefined;
  let file: string;

  before(async () => {
    ({ file } = await makePackage('deb', dir));
    desk = await startDesktop({ dir: join(dir, 'desk') });
    system = await OwnRoot.start(dir);
  });
  after(async () => {
    await app?.end();
    await system?.stop();
    await desk?.stop();
  });

  function asUser(...command: readonly string[]): readonly string[] {
    const { DISPLAY = '' } = desk.env;
    const env = ['env', '-i', `HOME=${HOME}`, `DISPLAY=${DISPLAY}`, 'PATH=/usr/bin:/bin', 'LANG=C.UTF-8'];
    return [...system.prefix(USER), ...env, ...command];
  }

  async function command(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
    const [program = '', ...rest] = asUser('corridor', ...args);
    return run(program, rest);
  }

  const step = story('a person installs it, runs it and removes it');

  step('it installs, and its menu entry is valid', async () => {
    await system.run('dpkg', '--install', file);
    await system.run('desktop-file-validate', '/usr/share/applications/corridor.desktop');
    await system.run('useradd', '--create-home', '--home-dir', HOME, USER);
    assert.match(await system.run('readlink', '--canonicalize', '/usr/bin/corridor'), /^\/opt\/Corridor\//);
  });

  step('its command line says that no Corridor runs', async () => {
    const { code, output } = await command('status');
    assert.equal(code, 3, output);
    assert.match(output, /No Corridor runs/);
  });

  step('a user without privileges runs it, and Chromium’s sandbox is on', async () => {
    const who = ['--interface', '127.0.0.1', '--ready', 'cold', '--office', 'new', '--name', 'Dana'];
    app = new ProgramGroup(
      asUser('dbus-run-session', '--', 'corridor', '--disable-gpu', ...who),
      process.env,
    );
    await eventually(async () => (await command('status')).code === 0, 'the command line reaches the app');
    assert.match((await command('status', '--json')).output, /"name":"Dana"/);
    await eventually(() => renderers().length > 0, 'the panel’s renderer runs');
    for (const status of renderers()) {
      assert.match(status, /^NoNewPrivs:\t1$/m);
      assert.match(status, /^Seccomp:\t2$/m);
    }
    assert.equal(/This is a try-out/.test(app.said), basename(file).includes('-tryout-'), app.said);
  });

  step('a purge leaves only the user’s profile', async () => {
    await app?.end();
    await system.run('dpkg', '--purge', 'corridor');
    const left = await system.run('find', '/opt', '/usr', '/etc', '/var', '-xdev', '-iname', '*corridor*');
    assert.equal(left, '');
    assert.match(await system.run('ls', `${HOME}/.config/corridor`), /identity\.json/);
  });
});

/** The kernel's status of each renderer process of the installed program. */
function renderers(): readonly string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.flatMap((id) => {
    try {
      const line = readFileSync(`/proc/${id}/cmdline`, 'utf8');
      const isRenderer = line.startsWith('/opt/Corridor/') && line.includes('--type=renderer');
      return isRenderer ? [readFileSync(`/proc/${id}/status`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}
