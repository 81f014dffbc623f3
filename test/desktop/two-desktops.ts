import { join } from 'node:path';
import { heardShare } from '../support/correlate.ts';
import { whyNoDesktop } from '../support/desktop.ts';
import { missingPulse } from '../support/pulse.ts';
import { missingSpeech, type Speech } from '../support/speech.ts';
import { DesktopApp, eventually, type AppOptions } from './desktop-app.ts';

const { findElectron } = (await import(new URL('../../scripts/electron.mjs', import.meta.url).href)) as {
  findElectron: (options: {
    forTests: boolean;
  }) => Promise<{ path: string; version: string } | { why: string }>;
};
const found =
  process.platform === 'linux' ? await findElectron({ forTests: true }) : { why: 'these desktops are X11' };
/** The Electron of the tests: where it is and which. */
export const electron = 'path' in found ? found : { path: '', version: '' };
/** Why the app cannot be tested on this machine; false where it can. */
export const skip =
  ('why' in found ? found.why : undefined) ?? whyNoDesktop() ?? missingPulse() ?? missingSpeech() ?? false;

/** The share of the spoken quarter seconds that must be in what was heard; of another sentence it is below a tenth. */
export const SAME_SPEECH = 0.4;
/** How far a quarter second must agree; live speech is stretched a little where it is late, and agrees less. */
export const PIECE_AGREES = 0.65;

export interface TwoDesktops {
  readonly dana: DesktopApp;
  readonly bo: DesktopApp;
}

export interface OfficeOptions {
  readonly dir: string;
  /** Further arguments of each app. */
  readonly network?: (host: string) => readonly string[];
  readonly prefix?: (host: string) => readonly string[];
  /** How the desktop of each is. */
  readonly desk?: (host: string) => AppOptions['desk'];
}

/** Dana (101) begins an office, Bo (102) joins it; both see each other, and Dana's key reaches Bo. */
export async function startOffice({ dir, network, prefix, desk }: OfficeOptions): Promise<TwoDesktops> {
  const start = (host: string, args: readonly string[]) =>
    DesktopApp.start({
      electron: electron.path,
      dir: join(dir, host),
      args: [
        ...(network?.(host) ?? ['--interface', '127.0.0.1']),
        ...['--microphone', 'mic', '--speaker', 'speaker', ...args],
      ],
      ...(prefix ? { prefix: prefix(host) } : {}),
      ...(desk ? { desk: desk(host) ?? {} } : {}),
    });
  const dana = await start('dana', ['--office', 'new', '--name', 'Dana', '--extension', '101']);
  let bo: DesktopApp | undefined;
  try {
    const { link } = await dana.api.call('joinLink');
    const { endpoints } = await dana.api.call('status');
    const address = prefix ? [] : ['--address', `127.0.0.1:${endpoints?.beat}`];
    bo = await start('bo', ['--office', link, '--name', 'Bo', '--extension', '102', ...address]);
    const sees = async (app: DesktopApp) =>
      (await app.api.call('people')).some(({ presence }) => presence === 'available');
    const both = [dana, bo];
    await eventually(
      async () => (await Promise.all(both.map(sees))).every(Boolean),
      'they see each other',
      15_000,
    );
    for (const app of both) {
      await eventually(
        async () => (await app.api.call('status')).microphone.state === 'running',
        'a microphone runs',
      );
    }
    // The key goes to whom one talked to last, also while the end of that message is still on its way.
    const { id } = await dana.api.call('talkPress', { dial: '102' });
    await dana.until((event) => event.type === 'capturing' && event.id === id);
    await dana.api.call('talkRelease');
    return { dana, bo };
  } catch (error) {
    await Promise.all([dana.stop(), bo?.stop()]);
    throw error;
  }
}

/** One desktop presses something, speech is played into its microphone, it releases; how much of it the other's loudspeaker gave out, 0 to 1. */
export async function talkBetween(
  from: DesktopApp,
  to: DesktopApp,
  speech: Speech,
  hand: { readonly press: () => Promise<unknown>; readonly release: () => Promise<unknown> },
): Promise<{ heard: number; sent: number }> {
  const recording = await to.pulse.record();
  const seen = from.events.length;
  await hand.press();
  await from.until((event) => event.type === 'capturing', seen);
  await from.pulse.play(speech.file).done;
  await hand.release();
  await from.until((event) => event.type === 'talk' && event.talk === null, seen);
  // What is under way is heard to its end.
  await new Promise((resolve) => setTimeout(resolve, 700));
  const heard = heardShare(speech.samples, await recording.stop(), PIECE_AGREES);
  const sent = from.events.slice(seen).filter(({ type }) => type === 'capturing').length;
  return { heard, sent };
}

/** The same with a key that is held. */
export function talkByKey(
  from: DesktopApp,
  to: DesktopApp,
  speech: Speech,
  key = 'F9',
): Promise<{ heard: number; sent: number }> {
  return talkBetween(from, to, speech, {
    press: () => from.desk.key('keydown', key),
    release: () => from.desk.key('keyup', key),
  });
}
