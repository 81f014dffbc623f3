import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { panel as en } from '../../i18n/en/panel.ts';
import { HEARD } from '../support/calls.ts';
import { melody, notesHeard } from '../support/melody.ts';
import { violations } from '../support/panel-look.ts';
import { eventually } from '../support/eventually.ts';
import { LoopbackOffice, type Member } from '../support/office.ts';
import { story } from '../support/story.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { DesktopApp, IN_CONTAINER, ROOT, run } from './desktop-app.ts';
import { OneDesktop } from './one-desktop.ts';
import { electron, heardLive, skip } from './two-desktops.ts';

const options = { skip, timeout: 60_000 };

describe('the app and its desktop: links, login, sleep, a crash of its sound', options, () => {
  const office = new OneDesktop();

  before(() => office.start());
  after(() => office.stop());

  /** Starts the app again, as a browser does with a link. */
  const startAgain = (...args: readonly string[]) =>
    run(electron.path, [...IN_CONTAINER, ROOT, '--profile', office.dana.profile, ...args], {
      env: { ...office.dana.desk.env, ...office.dana.pulse.env },
    });
  const log = () => readFileSync(join(office.dana.profile, 'desktop.log'), 'utf8');

  test('a dial link shows the panel and whom the talk key reaches, and opens no microphone', async () => {
    const { dana } = office;
    const from = dana.events.length;
    const { code } = await startAgain('--', 'corridor://dial/103', '--profile', '/nowhere');
    assert.equal(code, 0, 'the second process ends');
    await eventually(async () => (await dana.visibleWindows()) === 1, 'the panel is shown');
    await eventually(
      () => dana.inside.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow() !== null),
      'the running app has the focus',
    );
    await eventually(
      async () => (await dana.api.call('status')).talkTo?.extension === '103',
      'the talk key reaches Cy',
    );
    assert.equal((await dana.api.call('status')).talking, null);
    assert.ok(!dana.events.slice(from).some(({ type }) => type === 'capturing'));
  });

  test('a join link of another office raises a question, and joins nothing by itself', async () => {
    const { dana } = office;
    const before = (await dana.api.call('joinLink')).link;
    const other = 'corridor://join/AbCdEfGhIjKlMnOpQrStUvWx-_0123456789AbCdEfGhIjKl';
    await startAgain(other);
    const page = await dana.inside.firstWindow();
    await page.waitForLoadState();
    const question = page.getByText('Join another office?');
    await question.waitFor();
    assert.equal((await dana.api.call('joinLink')).link, before);
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
    assert.equal((await dana.api.call('joinLink')).link, before);
    assert.ok(!log().includes('AbCdEf'), 'no link is in the log');
  });

  test('the setting for start at login writes a login entry, and removes it', async () => {
    const { dana } = office;
    const folder = join(dana.desk.env['XDG_CONFIG_HOME'] ?? '', 'autostart');
    const entries = () => (existsSync(folder) ? readdirSync(folder) : []);
    assert.deepEqual(entries(), []);
    await dana.api.call('setSettings', { startAtLogin: true });
    await eventually(() => entries().length === 1, 'the login entry is written');
    const entry = readFileSync(join(folder, entries()[0] ?? ''), 'utf8');
    assert.match(entry, new RegExp(`^Exec=${electron.path} ${ROOT.slice(0, -1)} --hidden --profile `, 'm'));
    await dana.api.call('setSettings', { startAtLogin: false });
    await eventually(() => entries().length === 0, 'the login entry is removed');
  });

  test('the app passes sleep and wake on to the node, which returns to its office', async () => {
    const { dana } = office;
    await dana.inside.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
    await eventually(() => log().includes('goes to sleep'), 'the log says it');
    await dana.inside.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
    const online = async () =>
      (await dana.api.call('people')).filter(({ presence }) => presence === 'available').length;
    await eventually(async () => (await online()) === 2, 'Dana sees both colleagues');
    assert.ok(!/after (sleep|wake): /.test(log()), log());
  });

  test('the status reports a crash of the media worker, and sound works again after its restart', async () => {
    const { dana, bo } = office;
    const from = dana.events.length;
    // The next post shows which worker it is, and is followed by one that crashes it.
    await dana.inside.evaluate(() => {
      const { Worker } = process.getBuiltinModule('node:worker_threads');
      // eslint-disable-next-line @typescript-eslint/unbound-method
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (...args) {
        Worker.prototype.postMessage = postMessage;
        Reflect.apply(postMessage, this, args);
        // Null is no order: handling it raises an error that nothing catches.
        Reflect.apply(postMessage, this, [null]);
      };
    });
    await dana.api.call('devices').catch(() => undefined);
    const reported = (pattern: RegExp) =>
      dana.until(
        (event) =>
          event.type === 'status' && event.status.troubles.some(({ sentence }) => pattern.test(sentence)),
        from,
      );
    await reported(/is being started again/);
    await reported(/was started again/);
    await eventually(async () => {
      const { microphone, speaker } = await dana.api.call('status');
      return microphone.state === 'running' && speaker.state !== 'failed' && speaker.state !== 'opening';
    }, 'sound is back');
    const voice = melody(1, 3);
    const recording = await dana.pulse.record();
    const wavBase64 = voice.wav.toString('base64');
    const { id } = await bo.node.call('talkRecording', { dial: '101', wavBase64 });
    await heardLive(dana, id);
    const heard = notesHeard(voice, await recording.stop());
    assert.ok(heard > HEARD, `${heard} of the voice was heard`);
    const seen = dana.events.length;
    await dana.api.call('talkPress', { dial: '102' });
    await dana.until(({ type }) => type === 'capturing', seen);
    await dana.api.call('talkRelease');
  });
});

describe('a join link while the app is in an office', options, () => {
  const office = new OneDesktop();
  const other = new LoopbackOffice();

  before(() => office.start());
  after(() => Promise.all([office.stop(), other.stop()]));

  test('Stay keeps the office; Join enters the other one and shows its people', async () => {
    const { dana } = office;
    const { node: fay } = await other.add('103', { name: 'Fay' });
    const { link } = await fay.call('joinLink');
    const { endpoints } = await fay.call('status');
    await dana.api.call('addAddress', { address: `127.0.0.1:${endpoints?.beat}` });
    const own = (await dana.api.call('joinLink')).link;
    const offer = (): Promise<unknown> =>
      run(electron.path, [...IN_CONTAINER, ROOT, '--profile', dana.profile, link], {
        env: { ...dana.desk.env, ...dana.pulse.env },
      });
    const opened = dana.inside.firstWindow();
    await offer();
    const page = await opened;
    const question = page.getByRole('alertdialog', { name: en.joinOther });
    await question.waitFor();
    await question.getByRole('button', { name: en.joinStay }).click();
    await question.waitFor({ state: 'hidden' });
    assert.equal((await dana.api.call('joinLink')).link, own);
    await offer();
    await question.waitFor();
    assert.deepEqual(await violations(page), []);
    await question.getByRole('button', { name: en.finishJoin }).click();
    await question.waitFor({ state: 'hidden' });
    assert.equal((await dana.api.call('members')).office.id, (await fay.call('members')).office.id);
    // Cy of the former office has the same extension; the row must belong to Fay.
    await page.getByRole('button', { name: /^Hold to talk to Fay, extension 103, Available/ }).waitFor();
    assert.deepEqual(
      (await dana.api.call('people')).map(({ name }) => name),
      ['Fay'],
      'nobody of the former office is listed',
    );
    await eventually(
      async () => (await fay.call('people')).some(({ name }) => name === 'Dana'),
      'Fay sees Dana',
    );
  });
});

describe('the first start by a join link', options, () => {
  const dir = tempFolder('link');
  const office = new LoopbackOffice();
  let link: string;
  let app: DesktopApp;
  let node: Member['node'];

  before(async () => {
    ({ node } = await office.add('102', { name: 'Bo' }));
    ({ link } = await node.call('joinLink'));
    const { endpoints } = await node.call('status');
    app = await DesktopApp.start({
      electron: electron.path,
      dir,
      args: ['--interface', '127.0.0.1', '--address', `127.0.0.1:${endpoints?.beat}`, '--', link],
    });
  });
  after(async () => {
    await Promise.all([app?.stop(), office.stop()]);
  });

  const step = story('a person joins by the link, and quits the app');

  step('the first run shows the link filled in; Eva joins and sees Bo', async () => {
    const page = await app.inside.firstWindow();
    const field = page.getByLabel('Join link');
    await field.waitFor();
    await eventually(async () => (await field.inputValue()) === link, 'the link is filled in');
    assert.equal((await app.api.call('status')).state, 'setup', 'nobody has joined yet');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Name').fill('Eva');
    await page.getByLabel('Extension').fill('104');
    await page.getByRole('button', { name: 'Join the office' }).click();
    await eventually(
      async () =>
        (await app.api.call('people')).some(
          ({ name, presence }) => name === 'Bo' && presence === 'available',
        ),
      'Eva sees Bo',
    );
    assert.equal((await app.api.call('members')).office.id, (await node.call('members')).office.id);
  });

  step('the app closes in good order while events still arrive', async () => {
    const busy = setInterval(() => {
      for (const presence of ['away', 'available'] as const) void node.call('setPresence', { presence });
    }, 2);
    try {
      await app.stop();
    } finally {
      clearInterval(busy);
    }
    const log = readFileSync(join(app.profile, 'desktop.log'), 'utf8');
    assert.doesNotMatch(log, /uncaught|good order/);
  });
});
