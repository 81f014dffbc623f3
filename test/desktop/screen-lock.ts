import type { TestContext } from 'node:test';
import { BusService, type Value } from '../support/dbus.ts';
import type { DesktopApp } from './desktop-app.ts';

/** What locks the screen of a Linux desktop tells programs so. */
const SAVER = 'org.freedesktop.ScreenSaver';
const SAVER_PATH = '/org/freedesktop/ScreenSaver';
const isLocked = (value: boolean): Value => ({ type: 'b', value });

/** Stands for what locks the screen, which is open at first, until the test ends. Returns what tells the app that it is locked or open. */
export async function screenLock(t: TestContext, { desk }: DesktopApp): Promise<(isIt: boolean) => void> {
  const address = desk.env['DBUS_SESSION_BUS_ADDRESS']!.replace(/,.*/, '');
  const saver = await BusService.own(t, address, [SAVER], (_path, member) =>
    member === 'GetActive' ? [isLocked(false)] : undefined,
  );
  return (isIt) => saver.signal(SAVER_PATH, SAVER, 'ActiveChanged', [isLocked(isIt)]);
}
