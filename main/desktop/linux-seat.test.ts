import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, test, type TestContext } from 'node:test';
import { BusService, missingBus, startBus, type Value } from '../../test/support/dbus.ts';
import { eventually } from '../../test/support/eventually.ts';
import { LinuxSeat } from './linux-seat.ts';
import type { SeatState } from './seat.ts';

const missingSetpriv = existsSync('/usr/bin/setpriv') ? false : 'setpriv is missing';
const SAVER = 'org.freedesktop.ScreenSaver';
const SAVER_PATH = '/org/freedesktop/ScreenSaver';
const SESSION = 'org.freedesktop.login1.Session';
const SESSION_PATH = '/org/freedesktop/login1/session/_32';
const yes: Value = { type: 'b', value: true };
const no: Value = { type: 'b', value: false };

/** A desktop's services on a bus of the test's own, which is session bus and system bus at once. */
async function ground(t: TestContext, { isWayland = true, isInSession = true } = {}) {
  const address = await startBus(t);
  const facts = { isSaverActive: false, idleMs: 0 as number | undefined };
  const hints: Record<string, boolean> = { LockedHint: false, IdleHint: false };
  const asked: string[] = [];
  const service = await BusService.own(
    t,
    address,
    [SAVER, 'org.freedesktop.login1', 'org.gnome.Mutter.IdleMonitor'],
    (path, member) => {
      asked.push(member);
      switch (member) {
        case 'GetActive':
          return [facts.isSaverActive ? yes : no];
        case 'GetSession':
          return [{ type: 'o', value: SESSION_PATH }];
        // The session that the user sees.
        case 'Get':
          return [{ type: 'o', value: SESSION_PATH }];
        case 'GetAll':
          return path === SESSION_PATH ? [{ type: 'a{sv}', value: hints }] : undefined;
        case 'GetIdletime':
          return facts.idleMs === undefined ? undefined : [{ type: 't', value: facts.idleMs }];
        default:
          return undefined;
      }
    },
  );
  const env = {
    ...process.env,
    DBUS_SESSION_BUS_ADDRESS: address,
    DBUS_SYSTEM_BUS_ADDRESS: address,
    XDG_SESSION_ID: isInSession ? '2' : undefined,
  };
  const told: SeatState[] = [];
  const idle: number[] = [];
  const state = (): SeatState | undefined => told.at(-1);
  const seat = new LinuxSeat({
    ...{ isWayland, env, now: () => performance.now() },
    tell: (now) => void told.push(now),
    idleFor: (seconds) => void idle.push(seconds),
  });
  t.after(() => seat.close());
  const is = (wanted: SeatState, why: string) => eventually(() => state() === wanted, why);
  const changed = (properties: Readonly<Record<string, boolean>>) =>
    service.signal(SESSION_PATH, 'org.freedesktop.DBus.Properties', 'PropertiesChanged', [
      { type: 's', value: SESSION },
      { type: 'a{sv}', value: properties },
      { type: 'as', value: [] },
    ]);
  /** Screen saver and logind have answered what they are asked at the beginning: no answer comes after a signal. */
  const begun = () =>
    eventually(
      () => told.length >= 2,
      () => `both answer; asked: ${asked.join(' ')}`,
    );
  return { service, facts, hints, asked, seat, is, changed, begun, state, idle };
}

describe('what a Linux desktop tells over D-Bus', { skip: missingBus }, () => {
  test('a screen saver and a locked session are a locked screen, until both have ended', async (t) => {
    const { service, seat, is, changed, begun } = await ground(t);
    seat.start();
    await begun();
    await is('active', 'somebody is there at first');
    service.signal(SAVER_PATH, SAVER, 'ActiveChanged', [yes]);
    await is('locked', 'the screen saver');
    changed({ LockedHint: true });
    service.signal(SAVER_PATH, SAVER, 'ActiveChanged', [no]);
    changed({ IdleHint: true });
    changed({ LockedHint: false });
    await is('idle', 'unlocked, and nobody has come back');
    changed({ IdleHint: false });
    await is('active', 'somebody is back');
  });

  test('states from before it began to listen are known, too', async (t) => {
    const { facts, hints, seat, is } = await ground(t);
    facts.isSaverActive = true;
    hints['LockedHint'] = true;
    seat.start();
    await is('locked', 'both say so');
  });

  test('a program that belongs to no session goes by the one that its user sees', async (t) => {
    const { hints, seat, is, asked } = await ground(t, { isInSession: false });
    hints['LockedHint'] = true;
    seat.start();
    await is('locked', 'that session');
    assert.ok(!asked.includes('GetSession') && asked.includes('Get'));
  });

  test('a requested lock counts at once, until the session is unlocked', async (t) => {
    const { service, seat, is, begun } = await ground(t);
    seat.start();
    await begun();
    service.signal(SESSION_PATH, SESSION, 'Lock', []);
    await is('locked', 'at once');
    service.signal(SESSION_PATH, SESSION, 'Unlock', []);
    await is('active', 'unlocked');
  });

  test('under Wayland Mutter knows for how long nobody has touched anything, and the X screen does not', async (t) => {
    const { facts, seat, state, idle } = await ground(t);
    await seat.look('idle');
    assert.equal(state(), 'active');
    facts.idleMs = 300_000;
    await seat.look('active');
    assert.equal(state(), 'idle');
    facts.idleMs = 299_999;
    await seat.look('idle');
    assert.equal(state(), 'active');
    assert.deepEqual(idle.slice(-2), [300, 299.999]);
  });

  test('under X11 the X screen knows, and Mutter is not asked', async (t) => {
    const { facts, seat, state } = await ground(t, { isWayland: false });
    facts.idleMs = 0;
    await seat.look('idle');
    assert.equal(state(), 'idle');
    await seat.look('active');
    assert.equal(state(), 'active');
  });

  test('a source that has gone does not count: the person is taken for present', async (t) => {
    const { service, seat, is, begun } = await ground(t);
    seat.start();
    await begun();
    service.signal(SAVER_PATH, SAVER, 'ActiveChanged', [yes]);
    await is('locked', 'the screen saver');
    service.close();
    await is('active', 'it is gone');
  });

  test('without a bus and without gdbus the person is taken for present', async (t) => {
    const env = { PATH: '/nonexistent' };
    let state: SeatState | undefined;
    const seat = new LinuxSeat({
      ...{ isWayland: true, env, now: () => 0, idleFor: () => assert.fail('nobody knows') },
      tell: (now) => (state = now),
    });
    t.after(() => seat.close());
    seat.start();
    await seat.look('idle');
    assert.equal(state, 'active');
  });

  test(
    'the child that it listens with ends with the program, also if the program is killed',
    { skip: missingSetpriv },
    async (t) => {
      const address = await startBus(t);
      const module = new URL('linux-seat.ts', import.meta.url).href;
      const script = `import { LinuxSeat } from ${JSON.stringify(module)};
      const parts = { isWayland: true, env: process.env, now: () => 0, tell: () => undefined, idleFor: () => undefined };
      new LinuxSeat(parts).start();
      setInterval(() => undefined, 1000);`;
      const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: address, DBUS_SYSTEM_BUS_ADDRESS: address };
      const program = spawn(process.execPath, ['--input-type=module', '-e', script], {
        env,
        stdio: 'ignore',
      });
      t.after(() => program.kill('SIGKILL'));
      await eventually(() => monitorsOf(address) > 0, 'it listens');
      program.kill('SIGKILL');
      await eventually(() => monitorsOf(address) === 0, 'nothing is left of it');
    },
  );
});

/** How many programs listen on that bus. */
function monitorsOf(address: string): number {
  return readdirSync('/proc').filter((name) => {
    try {
      const [command, environment] = ['cmdline', 'environ'].map((file) =>
        readFileSync(`/proc/${name}/${file}`, 'latin1'),
      );
      return command?.startsWith('gdbus\0monitor') && environment?.includes(`=${address}\0`);
    } catch {
      // Not a program, or one that has ended.
      return false;
    }
  }).length;
}
