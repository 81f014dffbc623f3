import { join } from 'node:path';
import { whyNoDesktop } from '../support/desktop.ts';
import { eventually } from '../support/eventually.ts';
import { missingPulse } from '../support/pulse.ts';
import { missingSpeech } from '../support/speech.ts';
import { DesktopApp, type AppOptions } from './desktop-app.ts';

const { findElectron } = (await import(new URL('../../scripts/electron.mjs', import.meta.url).href)) as {
  findElectron: (options: {
    forTests: boolean;
  }) => Promise<{ path: string; version: string; testsOnly: boolean } | { why: string }>;
};
const found =
  process.platform === 'linux' ? await findElectron({ forTests: true }) : { why: 'these desktops are X11' };
/** The Electron that the tests start: its path and version, and whether it is for tests only. */
export const electron = 'path' in found ? found : { path: '', version: '', testsOnly: true };
/** Why this machine cannot run the tests of the app; false where it can. */
export const skip =
  ('why' in found ? found.why : undefined) ?? whyNoDesktop() ?? missingPulse() ?? missingSpeech() ?? false;

/** The share of spoken quarter seconds that a recording must hold to be the same speech; another sentence has below a tenth. */
export const SAME_SPEECH = 0.4;
/** The correlation at which a quarter second counts as heard. Live speech is stretched a little where it is late, and agrees less. */
export const PIECE_AGREES = 0.65;

export interface TwoDesktops {
  readonly dana: DesktopApp;
  readonly bo: DesktopApp;
}

interface OfficeOptions {
  readonly dir: string;
  /** Further arguments of each app. */
  readonly network?: (host: string) => readonly string[];
  readonly prefix?: (host: string) => readonly string[];
  /** Options of each desktop. */
  readonly desk?: (host: string) => AppOptions['desk'];
}

/** Dana (101) begins an office and Bo (102) joins it. Resolves once both see each other and Dana's talk key reaches Bo. */
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
    await eventually(async () => (await Promise.all(both.map(sees))).every(Boolean), 'they see each other');
    for (const app of both) {
      await eventually(
        async () => (await app.api.call('status')).microphone.state === 'running',
        'a microphone runs',
      );
    }
    // The talk key reaches the person of the last talk, also while the end of that message is still on its way.
    const { id } = await dana.api.call('talkPress', { dial: '102' });
    await dana.until((event) => event.type === 'capturing' && event.id === id);
    await dana.api.call('talkRelease');
    return { dana, bo };
  } catch (error) {
    await Promise.all([dana.stop(), bo?.stop()]);
    throw error;
  }
}

/**
 * Holds a key on one desktop while speech is played into its microphone. `heard`: the share of the speech that the other's
 * loudspeaker gave out, 0 to 1; `sent`: how many messages began.
 */
export async function talkByKey(
  from: DesktopApp,
  to: DesktopApp,
  file: string,
  key = 'F9',
): Promise<{ recording: Int16Array; sent: number }> {
  const recording = await to.pulse.record();
  const seen = from.events.length;
  await from.desk.key('keydown', key);
  const begun = await from.until((event) => event.type === 'capturing', seen);
  await from.pulse.play(file).done;
  await from.desk.key('keyup', key);
  await from.until((event) => event.type === 'talk' && event.talk === null, seen);
  if (begun.type === 'capturing') await heardLive(to, begun.id);
  const sent = from.events.slice(seen).filter(({ type }) => type === 'capturing').length;
  return { recording: await recording.stop(), sent };
}

/** Waits until a message that plays while it is spoken has been heard to its end. */
export function heardLive({ api }: DesktopApp, id: string): Promise<void> {
  return eventually(
    async () => (await api.call('messages')).some((message) => message.id === id && message.heard),
    'the message is heard to its end',
  );
}
