import { join } from 'node:path';
import { localizedText } from '../../i18n/index.ts';
import {
  checkArguments,
  type Arguments,
  type MethodName,
  type NodeApi,
  type NodeEvent,
  type Result,
} from '../../preload/api.ts';
import { loadDirectory, saveDirectory } from '../directory/index.ts';
import { SavedAddresses } from '../discovery/index.ts';
import { loadOffice, loadOrCreateIdentity, type Office } from '../identity/index.ts';
import { MediaWorker, type WorkerEvent } from '../media/index.ts';
import { CorridorError, nodePorts } from '../model/index.ts';
import { MessageStore, type StoredMessage } from '../store/index.ts';
import { Attendance, type AttendanceParts } from './attendance.ts';
import type { MembershipHandlers } from './membership.ts';
import { messageMethods } from './methods/messages.ts';
import { officeMethods } from './methods/office.ts';
import { peopleMethods } from './methods/people.ts';
import { settingsMethods } from './methods/settings.ts';
import { soundMethods } from './methods/sound.ts';
import { talkMethods } from './methods/talk.ts';
import { watchNetwork } from './network-watch.ts';
import type { Handlers, NodeContext } from './node-context.ts';
import type { NodeOptions } from './options.ts';
import { raisePriority } from './priority.ts';
import { LogTail } from './log-tail.ts';
import { limitsOf, Profile } from './profile.ts';
import { Roster } from './roster.ts';
import { Shown } from './shown.ts';
import { Sound } from './sound.ts';
import { Telling } from './telling.ts';
import { textOfError, Troubles } from './troubles.ts';
import { playbackStatus } from './views.ts';

type Parts = Omit<AttendanceParts, 'handlers' | 'changed' | 'troubles'> & { readonly tail: LogTail };

/** For how long it is said that the sound part was started again. */
const SAY_RESTART_MS = 10_000;
const RESTARTING = localizedText(
  'sound-restarting',
  'The sound part of Corridor stopped and is being started again. Messages are kept.',
);
const RESTARTED = localizedText(
  'sound-restarted',
  'The sound part of Corridor stopped and was started again. Nothing is lost.',
);

/** A running node: what every face calls, and what it is told. */
export class CorridorNode implements NodeApi {
  readonly #parts: Parts;
  readonly #sound: Sound;
  readonly #troubles = new Troubles(() => this.#telling.changed());
  readonly #attendance: Attendance;
  readonly #shown: Shown;
  readonly #telling: Telling;
  readonly #handlers: Handlers;
  readonly #closing: (() => void)[] = [];
  #closed = false;
  #saying: NodeJS.Timeout | undefined;

  private constructor(parts: Parts, office: Office | undefined) {
    const troubles = this.#troubles;
    this.#parts = parts;
    this.#sound = new Sound(parts.media);
    const sound = this.#sound;
    const changed = () => this.#telling.changed();
    this.#attendance = new Attendance(
      { ...parts, troubles, handlers: this.#membershipHandlers(), changed },
      office,
    );
    this.#shown = new Shown({ ...parts, sound, troubles, attendance: this.#attendance });
    this.#telling = new Telling(this.#shown);
    this.#handlers = methodsOf(this.#context());
  }

  /** Starts a node in its profile folder. Errors are CorridorErrors whose sentence says what to do. */
  static async start(given: NodeOptions): Promise<CorridorNode> {
    const tail = new LogTail(Date.now);
    const options: NodeOptions = {
      ...given,
      log: (line) => {
        tail.add(line);
        given.log(line);
      },
    };
    raisePriority();
    const { log } = options;
    const profile = await Profile.open(options.profile, log);
    const identity = await loadOrCreateIdentity(options.profile, log);
    const office = await loadOffice(options.profile, log);
    const { directory, trouble } = await loadDirectory(join(options.profile, 'directory.json'));
    const store = await MessageStore.open(join(options.profile, 'store'), {
      ports: nodePorts,
      log,
      ...limitsOf(profile.settings),
    });
    const { addresses, trouble: addressTrouble } = await SavedAddresses.load(
      join(options.profile, 'addresses.json'),
    );
    for (const address of options.addresses ?? []) addresses.give(address);
    const { microphone, speaker, ready } = options;
    await profile.change({
      ...(microphone !== undefined ? { microphone } : {}),
      ...(speaker !== undefined ? { speaker } : {}),
      ...(ready !== undefined ? { ready } : {}),
    });
    const media = new MediaWorker(options.workerPath, { rests: options.restsCold ?? false, log });
    const roster = new Roster(directory, identity, profile);
    const intercom = new CorridorNode(
      { options, tail, profile, identity, media, roster, store, addresses },
      office,
    );
    for (const found of [trouble, addressTrouble])
      if (found) intercom.#troubles.set(found.code, textOfError(found));
    await intercom.#begin();
    return intercom;
  }

  async call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>> {
    const checked = checkArguments(method, args);
    if (!checked.ok)
      throw new CorridorError('bad-arguments', checked.error, { details: { why: checked.error } });
    return this.#handlers[method](checked.args);
  }

  onEvent(listener: (event: NodeEvent) => void): () => void {
    return this.#telling.listen(listener);
  }

  /** Leaves the office in good order: the switch hands over first, what waits is written. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#telling.close();
    for (const stop of this.#closing) stop();
    const { options, media, profile, roster, addresses, store } = this.#parts;
    await this.#attendance.close();
    await media.close();
    await saveDirectory(join(options.profile, 'directory.json'), roster.directory).catch((error: Error) =>
      options.log(`The list of people could not be saved: ${error.message}`),
    );
    await addresses
      .save()
      .catch((error: Error) =>
        options.log(`The addresses of colleagues could not be saved: ${error.message}`),
      );
    await store.close();
    await profile.saved;
  }

  async #begin(): Promise<void> {
    const { media, store, options, profile } = this.#parts;
    media.onEvent((event) => this.#worker(event));
    media.onCrash(() => void this.#workerLost());
    store.on('trouble', ({ code, ...said }) => this.#troubles.set(`store-${code}`, said));
    store.on('recovered', () => this.#troubles.mended('store-'));
    await this.#attendance.open();
    const name = options.name ?? profile.settings.name;
    const { office, extension } = options;
    const asked = office !== undefined || options.name !== undefined || options.extension !== undefined;
    const isInOne = (extension ?? profile.settings.extension) !== null;
    if (asked && name !== null && (isInOne || office !== undefined)) {
      const isThere = office === 'new' && this.#attendance.office;
      await this.call('setup', {
        name,
        ...(extension !== undefined ? { extension } : {}),
        ...(office !== undefined && !isThere ? { office } : {}),
      });
    } else await this.#attendance.resume();
    void store.sweep();
    this.#closing.push(watchNetwork(() => void this.#attendance.reconnect()));
  }

  #context(): NodeContext {
    const attendance = this.#attendance;
    const shown = this.#shown;
    const telling = this.#telling;
    return {
      ...this.#parts,
      sound: this.#sound,
      troubles: this.#troubles,
      // What changes is read when it is asked for.
      get office() {
        return attendance.office;
      },
      get membership() {
        return attendance.membership;
      },
      attendance,
      status: () => shown.status(),
      people: () => shown.people(),
      summary: (message) => shown.summary(message),
      tell: (event) => telling.tell(event),
      changed: () => telling.changed(),
      onClose: (stop) => void this.#closing.push(stop),
    };
  }

  #membershipHandlers(): MembershipHandlers {
    return {
      canSound: () => !['missing', 'failed'].includes(this.#sound.state.speaker.state),
      changed: () => this.#telling.changed(),
      messageChanged: (id) => this.#telling.messageChanged(id),
      notify: (message) => this.#notify(message),
      settled: (id) => this.#telling.tell({ type: 'notification-done', id }),
      talk: (talk) => this.#telling.tell({ type: 'talk', talk: talk ? this.#shown.talk() : null }),
      capturing: (id) => this.#telling.tell({ type: 'capturing', id }),
      sounding: (id, live) => this.#telling.tell({ type: 'sounding', id, live }),
      playback: (playback) =>
        this.#telling.tell({ type: 'playback', playback: playback ? playbackStatus(playback) : null }),
      trouble: (code, said) => this.#troubles.set(code, said),
    };
  }

  // ---- what happens

  #worker(event: WorkerEvent): void {
    this.#sound.onWorker(event);
    this.#attendance.membership?.onWorker(event);
    if (event.type === 'sound-state') this.#telling.changed();
    else if (event.type === 'opened') this.#workerBack();
    else if (event.type === 'level') {
      this.#telling.tell({ type: 'level', microphone: event.microphone, speaker: event.speaker });
    } else if (event.type === 'sound-test') {
      const { state, durationMs } = event;
      this.#telling.tell({ type: 'sound-test', test: { state, durationMs } });
    } else if (event.type === 'dropped')
      this.#parts.options.log(`Dropped on the media socket: ${event.reason} (${event.total} so far)`);
  }

  async #workerLost(): Promise<void> {
    clearTimeout(this.#saying);
    this.#sound.workerLost();
    this.#troubles.set('sound', RESTARTING);
    this.#telling.tell({ type: 'sound-test', test: { state: 'idle', durationMs: 0 } });
    await this.#attendance.membership?.workerLost();
  }

  /** It opens once at start, too: then there is nothing to say. */
  #workerBack(): void {
    if (!this.#troubles.find('sound')) return;
    this.#troubles.set('sound', RESTARTED);
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => this.#troubles.set('sound', undefined), SAY_RESTART_MS).unref();
  }

  #notify(message: StoredMessage): void {
    const { name, extension, number, startedAt, id } = this.#shown.summary(message);
    this.#telling.tell({ type: 'notification', id, name, extension, number, startedAt });
  }
}

function methodsOf(node: NodeContext): Handlers {
  return {
    ...officeMethods(node),
    ...peopleMethods(node),
    ...talkMethods(node),
    ...messageMethods(node),
    ...soundMethods(node),
    ...settingsMethods(node),
  };
}
