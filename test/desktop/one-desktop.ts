import { join } from 'node:path';
import type { NodeEvent } from '../../preload/api.ts';
import { eventually } from '../support/eventually.ts';
import { soundIn } from '../support/messages.ts';
import { LoopbackOffice, type Member } from '../support/office.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { DesktopApp, type AppOptions } from './desktop-app.ts';
import { electron } from './two-desktops.ts';

interface OneDesktopOptions {
  readonly desk?: AppOptions['desk'];
  readonly env?: AppOptions['env'];
}

/** The real desktop app of Dana (101) in one office with the nodes of Bo (102) and Cy (103), whose loudspeakers are files. */
export class OneDesktop {
  readonly dir = tempFolder('desktop');
  readonly office = new LoopbackOffice();
  #dana: DesktopApp | undefined;
  #bo: Member | undefined;
  #cy: Member | undefined;

  get dana(): DesktopApp {
    return started(this.#dana);
  }

  get bo(): Member {
    return started(this.#bo);
  }

  get cy(): Member {
    return started(this.#cy);
  }

  async start({ desk, env }: OneDesktopOptions = {}): Promise<void> {
    this.#bo = await this.office.add('102', { name: 'Bo', speaker: `file:${this.#wav('102')}` });
    this.#cy = await this.office.add('103', { name: 'Cy', speaker: `file:${this.#wav('103')}` });
    const { link } = await this.bo.node.call('joinLink');
    const { endpoints } = await this.bo.node.call('status');
    const dana = await DesktopApp.start({
      electron: electron.path,
      dir: join(this.dir, 'dana'),
      args: [
        ...['--interface', '127.0.0.1', '--address', `127.0.0.1:${endpoints?.beat}`, '--office', link],
        ...['--name', 'Dana', '--extension', '101', '--microphone', 'mic', '--speaker', 'speaker'],
      ],
      ...(desk ? { desk } : {}),
      ...(env ? { env } : {}),
    });
    this.#dana = dana;
    const online = async (call: Promise<readonly { presence: string }[]>) =>
      (await call).filter(({ presence }) => presence === 'available').length;
    await eventually(async () => (await online(dana.api.call('people'))) === 2, 'Dana sees both');
    await eventually(async () => (await online(this.bo.node.call('people'))) === 2, 'Bo sees both');
    await eventually(
      async () => (await dana.api.call('status')).microphone.state === 'running',
      'the microphone runs',
    );
  }

  /** Stops Dana's playback and deletes all her messages. */
  async deleteAll(): Promise<void> {
    const { api } = this.dana;
    await api.call('playback', { action: 'stop' });
    for (const { id } of await api.call('messages')) await api.call('deleteMessage', { id });
    await eventually(async () => (await api.call('status')).unheard === 0, 'nothing is unheard');
  }

  /** Waits until so many notifications are on Dana's screen. */
  shown(count: number): Promise<void> {
    return eventually(
      async () => (await this.dana.desk.notifications()) === count,
      `${count} notifications are shown`,
    );
  }

  /** The sound that Bo's or Cy's loudspeaker has given out so far. */
  heardBy(member: Member): Promise<Int16Array> {
    return soundIn(this.#wav(member.extension));
  }

  async stop(): Promise<void> {
    await Promise.all([this.#dana?.stop(), this.office.stop()]);
  }

  #wav(extension: string): string {
    return join(this.dir, `${extension}.wav`);
  }
}

/** The app's events of one type, from index `from` on. */
export function eventsOf<T extends NodeEvent['type']>(
  app: DesktopApp,
  type: T,
  from = 0,
): readonly Extract<NodeEvent, { type: T }>[] {
  return app.events
    .slice(from)
    .filter((event): event is Extract<NodeEvent, { type: T }> => event.type === type);
}

function started<T>(part: T | undefined): T {
  if (!part) throw new Error('the office is not started');
  return part;
}
