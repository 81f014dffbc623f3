import { join } from 'node:path';
import type { RemoteNode } from '../../main/transports/index.ts';
import { asPerson, openQuietPanel, type BrowserPanel } from './browser-panel.ts';
import { eventually } from './eventually.ts';
import { Headless } from './headless.ts';

/** Somebody's node, with a panel or without one. */
export interface Started {
  readonly api: RemoteNode;
  stop(): Promise<void>;
}

type People = readonly (readonly [name: string, extension: string])[];

/**
 * Starts colleagues without a panel, on loopback, one after the other. Each is added to `started` at once, so that a caller can stop them
 * also if a later one fails. The sound of each is in `dir`, in a file named after the extension.
 */
export async function startColleagues(
  started: { push(one: Headless): unknown },
  dir: string,
  office: string,
  people: People,
): Promise<readonly Headless[]> {
  const colleagues: Headless[] = [];
  for (const [name, extension] of people) {
    const speaker = `file:${join(dir, `${extension}.wav`)}`;
    const profile = join(dir, extension);
    const who = { name, extension, profile, speaker, office, interface: '127.0.0.1' };
    const colleague = await Headless.start(who);
    started.push(colleague);
    colleagues.push(colleague);
  }
  return colleagues;
}

/**
 * Ana Lind (101) founds an office in a panel, and these colleagues come, each without one. Resolves once everybody sees everybody;
 * who has started by then is in `started`, as `startColleagues` says.
 */
export async function openOffice(
  started: Started[],
  dir: string,
  people: People,
): Promise<{ readonly ana: BrowserPanel; readonly colleagues: readonly Headless[] }> {
  const ana = await openQuietPanel(dir, 'ana', asPerson('Ana Lind', '101', 'new'));
  started.push(ana);
  const { link } = await ana.api.call('joinLink');
  const colleagues = await startColleagues(started, dir, link, people);
  await untilAllSeeAll(started);
  return { ana, colleagues };
}

export async function untilAllSeeAll(all: readonly Started[]): Promise<void> {
  for (const { api } of all)
    await eventually(async () => {
      const people = await api.call('people');
      return people.filter(({ presence }) => presence === 'available').length === all.length - 1;
    }, 'everybody sees that everybody is available');
}

export async function stopAll(started: readonly Started[]): Promise<void> {
  await Promise.all(started.map((one) => one.stop()));
}
