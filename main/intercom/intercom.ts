import { join } from 'node:path';
import {
  checkArguments,
  type Arguments,
  type MessageSummary,
  type MethodName,
  type NodeApi,
  type NodeEvent,
  type Result,
  type Status,
} from '../../preload/api.ts';
import { loadDirectory, saveDirectory } from '../directory/index.ts';
import { chooseInterfaces, SavedAddresses } from '../discovery/index.ts';
import {
  loadOffice,
  loadOrCreateIdentity,
  saveOffice,
  type Identity,
  type Office,
} from '../identity/index.ts';
import { silenceNativeOutput } from '../../native-audio/index.ts';
import { MediaWorker, type WorkerEvent } from '../media/index.ts';
import { CorridorError, type MessageId } from '../model/index.ts';
import { MessageStore, type StoredMessage } from '../store/index.ts';
import { Membership } from './membership.ts';
import { messageMethods } from './methods/messages.ts';
import { officeMethods } from './methods/office.ts';
import { peopleMethods } from './methods/people.ts';
import { settingsMethods } from './methods/settings.ts';
import { soundMethods } from './methods/sound.ts';
import { talkMethods } from './methods/talk.ts';
import type { Handlers, NodeContext, Untimed } from './node-context.ts';
import type { NodeOptions } from './options.ts';
import { Profile } from './profile.ts';
import { Roster } from './roster.ts';
import { Sound } from './sound.ts';
import { Troubles } from './troubles.ts';
import { VERSION } from './version.ts';
import { messageSummary, people, playbackStatus, talkStatus } from './views.ts';

/** Changes that come together are told together. */
const TELL_AFTER_MS = 15;
const DAY_MS = 24 * 60 * 60 * 1000;
const KEEP_HEARD_MS = 90 * DAY_MS;
const KEEP_BYTES = 2 * 2 ** 30;

/** A running node: what every face calls, and what it is told. */
export class Intercom implements NodeApi {
  readonly #options: NodeOptions;
  readonly #profile: Profile;
  readonly #identity: Identity;
  readonly #media: MediaWorker;
  readonly #sound: Sound;
  readonly #roster: Roster;
  readonly #store: MessageStore;
  readonly #addresses: SavedAddresses;
  readonly #address: string;
  readonly #listeners = new Set<(event: NodeEvent) => void>();
  readonly #troubles = new Troubles(() => this.#changed());
  readonly #touched = new Set<MessageId>();
  /** What was told last of what is told as a whole. */
  readonly #told = new Map<NodeEvent['type'], string>();
  readonly #handlers: Handlers;
  readonly #closing: (() => void)[] = [];
  #office: Office | undefined;
  #mediaPort = 0;
  #membership: Membership | undefined;
  #telling: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(parts: {
    options: NodeOptions;
    profile: Profile;
    identity: Identity;
    media: MediaWorker;
    roster: Roster;
    store: MessageStore;
    office: Office | undefined;
    addresses: SavedAddresses;
    address: string;
  }) {
    this.#options = parts.options;
    this.#profile = parts.profile;
    this.#identity = parts.identity;
    this.#media = parts.media;
    this.#sound = new Sound(parts.media);
    this.#roster = parts.roster;
    this.#store = parts.store;
    this.#office = parts.office;
    this.#addresses = parts.addresses;
    this.#address = parts.address;
    this.#handlers = this.#methods();
  }

  /** Starts a node in its profile folder. Errors are CorridorErrors whose sentence says what to do. */
  static async start(options: NodeOptions): Promise<Intercom> {
    silenceNativeOutput();
    const { log } = options;
    const profile = await Profile.open(options.profile, log);
    const identity = await loadOrCreateIdentity(options.profile, log);
    const office = await loadOffice(options.profile, log);
    const { directory, trouble } = await loadDirectory(join(options.profile, 'directory.json'));
    const store = await MessageStore.open(join(options.profile, 'store'), {
      now: Date.now,
      log,
      maxBytes: KEEP_BYTES,
      retentionMs: KEEP_HEARD_MS,
    });
    const { addresses, trouble: addressTrouble } = await SavedAddresses.load(
      join(options.profile, 'addresses.json'),
    );
    for (const given of options.addresses ?? []) addresses.give(given);
    const { microphone, speaker, ready } = options;
    await profile.change({
      ...(microphone !== undefined ? { microphone } : {}),
      ...(speaker !== undefined ? { speaker } : {}),
      ...(ready !== undefined ? { ready } : {}),
    });
    const intercom = new Intercom({
      options,
      profile,
      identity,
      media: new MediaWorker(options.workerPath, log),
      roster: new Roster(directory, identity, profile),
      store,
      office,
      addresses,
      address: chooseInterfaces(options.interfaces)[0]?.address ?? '127.0.0.1',
    });
    for (const found of [trouble, addressTrouble])
      if (found) intercom.#troubles.set(found.code, found.message);
    await intercom.#begin();
    return intercom;
  }

  async call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>> {
    const checked = checkArguments(method, args);
    if (!checked.ok) throw new CorridorError('bad-arguments', checked.error);
    return this.#handlers[method](checked.args);
  }

  onEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Leaves the office in good order: the switch hands over first, what waits is written. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#telling);
    for (const stop of this.#closing) stop();
    this.#membership?.outgoing.release();
    await this.#membership?.leave();
    await this.#media.close();
    await saveDirectory(join(this.#options.profile, 'directory.json'), this.#roster.directory).catch(
      (error: Error) => {
        this.#options.log(`The list of people could not be saved: ${error.message}`);
      },
    );
    await this.#addresses.save().catch((error: Error) => {
      this.#options.log(`The addresses of colleagues could not be saved: ${error.message}`);
    });
    await this.#store.close();
  }

  // ---- beginning

  async #begin(): Promise<void> {
    this.#media.onEvent((event) => this.#worker(event));
    this.#media.onCrash(() => void this.#workerLost());
    this.#store.on('trouble', ({ code, sentence }) => this.#troubles.set(`store-${code}`, sentence));
    this.#store.on('recovered', () => {
      for (const { code } of this.#troubles.list())
        if (code.startsWith('store-')) this.#troubles.set(code, undefined);
    });
    await this.#openMedia();
    const { office, name, extension } = this.#options;
    const wanted = {
      office,
      name: name ?? this.#profile.settings.name,
      extension: extension ?? this.#profile.settings.extension,
    };
    const asked = office !== undefined || name !== undefined || extension !== undefined;
    if (asked && wanted.name !== null && wanted.extension !== null) {
      await this.call('setup', {
        name: wanted.name,
        extension: wanted.extension,
        ...(office !== undefined && !(office === 'new' && this.#office) ? { office } : {}),
      });
    } else if (this.#office && this.#profile.settings.name !== null) await this.#join(this.#office);
    void this.#store.sweep();
  }

  async #openMedia(): Promise<void> {
    const { microphone, speaker, ready } = this.#profile.settings;
    const sound = { microphone, speaker, ready };
    this.#mediaPort = await this.#media.open({ address: this.#address, port: 0, sound });
  }

  async #join(office: Office): Promise<void> {
    const { interfaces, log } = this.#options;
    this.#membership = await Membership.join({
      identity: this.#identity,
      office,
      store: this.#store,
      media: this.#media,
      roster: this.#roster,
      address: this.#address,
      mediaPort: this.#mediaPort,
      interfaces: interfaces ?? [],
      addresses: this.#addresses,
      version: VERSION,
      log,
      handlers: {
        canSound: () => !['missing', 'failed'].includes(this.#sound.state.speaker.state),
        changed: () => this.#changed(),
        messageChanged: (id) => this.#messageChanged(id),
        notify: (message) => this.#notify(message),
        settled: (id) => this.#tell({ type: 'notification-done', id }),
        talk: (talk) => this.#tell({ type: 'talk', talk: talk ? this.#talkStatus() : null }),
        capturing: (id) => this.#tell({ type: 'capturing', id }),
        sounding: (id, live) => this.#tell({ type: 'sounding', id, live }),
        playback: (playback) =>
          this.#tell({ type: 'playback', playback: playback ? playbackStatus(playback) : null }),
        trouble: (code, sentence) => this.#troubles.set(code, sentence),
      },
    });
  }

  // ---- the methods of the API

  #methods(): Handlers {
    const node = this.#context();
    return {
      ...officeMethods(node),
      ...peopleMethods(node),
      ...talkMethods(node),
      ...messageMethods(node),
      ...soundMethods(node),
      ...settingsMethods(node),
    };
  }

  #context(): NodeContext {
    // The fields that change are read when they are asked for.
    const office = () => this.#office;
    const membership = () => this.#membership;
    return {
      options: this.#options,
      profile: this.#profile,
      identity: this.#identity,
      media: this.#media,
      sound: this.#sound,
      roster: this.#roster,
      store: this.#store,
      addresses: this.#addresses,
      troubles: this.#troubles,
      get office() {
        return office();
      },
      get membership() {
        return membership();
      },
      status: () => this.#status(),
      summary: (message) => this.#summary(message),
      tell: (event) => this.#tell(event),
      changed: () => this.#changed(),
      onClose: (stop) => void this.#closing.push(stop),
      enter: (next) => this.#enter(next),
      reconnect: () => Promise.resolve(),
    };
  }

  async #enter(office: Office): Promise<void> {
    if (office !== this.#office) {
      await this.#membership?.leave();
      this.#membership = undefined;
      await saveOffice(this.#options.profile, office, this.#options.log);
      this.#office = office;
    }
    if (this.#membership) this.#membership.describe();
    else await this.#join(office);
    this.#changed();
  }

  // ---- what is shown

  #status(): Status {
    const { name, extension, presence, presenceUntil } = this.#profile.settings;
    const membership = this.#membership;
    const role = membership?.role;
    const leader = role?.switch;
    const { playback } = membership?.player ?? {};
    return {
      version: VERSION,
      state: membership ? 'running' : 'setup',
      node:
        membership && name !== null && extension !== null
          ? { id: this.#identity.nodeId, name, extension }
          : null,
      presence,
      presenceUntil,
      role: role ? role.role : 'none',
      switch: leader ? { id: leader, name: this.#roster.directory.get(leader)?.name ?? '' } : null,
      term: role?.term ?? 0,
      unheard: this.#store.unheard().length,
      microphone: this.#sound.state.microphone,
      speaker: this.#sound.state.speaker,
      talking: this.#talkStatus(),
      talkTo: this.#talkTo(),
      playing: playback ? playbackStatus(playback) : null,
      troubles: this.#troubles.list(),
      endpoints: membership ? this.#roster.own.record.endpoints : null,
    };
  }

  #talkTo(): Status['talkTo'] {
    const speaker = this.#membership?.incoming.speaking[0]?.from;
    const extension = speaker ?? this.#profile.settings.lastDialled;
    const [record] = extension === null ? [] : this.#roster.directory.resolve(extension);
    return record ? { name: record.name, extension: record.extension } : null;
  }

  #talkStatus(): Status['talking'] {
    const talk = this.#membership?.outgoing.current;
    if (!talk) return null;
    return talkStatus(talk, this.#store.get(talk.id), this.#roster.directory, (node) =>
      this.#membership?.progressOf(talk.id).get(node),
    );
  }

  #summary(message: StoredMessage): MessageSummary {
    const isTalking = this.#membership?.outgoing.current?.id === message.id;
    return messageSummary(message, this.#roster.directory, isTalking, (node) =>
      this.#membership?.progressOf(message.id).get(node),
    );
  }

  // ---- what happens

  #worker(event: WorkerEvent): void {
    this.#sound.onWorker(event);
    this.#membership?.onWorker(event);
    if (event.type === 'sound-state') this.#changed();
    else if (event.type === 'level') {
      this.#tell({ type: 'level', microphone: event.microphone, speaker: event.speaker });
    } else if (event.type === 'dropped')
      this.#options.log(`Dropped on the media socket: ${event.reason} (${event.total} so far)`);
  }

  async #workerLost(): Promise<void> {
    this.#sound.workerLost();
    this.#troubles.set(
      'sound',
      'The sound part of Corridor stopped and is being started again. Messages are kept.',
    );
    await this.#membership?.workerLost();
    this.#troubles.set('sound', undefined);
  }

  #notify(message: StoredMessage): void {
    const { name, extension, number, startedAt, id } = this.#summary(message);
    this.#tell({ type: 'notification', id, name, extension, number, startedAt });
  }

  #messageChanged(id: MessageId): void {
    this.#touched.add(id);
    this.#changed();
  }

  #changed(): void {
    if (this.#telling || this.#closed) return;
    this.#telling = setTimeout(() => {
      this.#telling = undefined;
      this.#tellChanges();
    }, TELL_AFTER_MS);
  }

  #tellChanges(): void {
    if (this.#listeners.size === 0) return this.#touched.clear();
    this.#tellIfNew({ type: 'status', status: this.#status() });
    if (this.#membership) {
      const speaking = this.#membership.incoming.speaking;
      const { favourites } = this.#profile.settings;
      const list = people(this.#roster.directory, this.#identity.nodeId, speaking, favourites);
      this.#tellIfNew({ type: 'people', people: list });
    }
    const talk = this.#talkStatus();
    if (talk) this.#tellIfNew({ type: 'talk', talk });
    for (const id of this.#touched) {
      const message = this.#store.get(id);
      if (!message) this.#tell({ type: 'message-gone', id });
      else if (message.roles.mine) this.#tell({ type: 'message', message: this.#summary(message) });
    }
    this.#touched.clear();
  }

  #tellIfNew(event: Untimed<NodeEvent>): void {
    const text = JSON.stringify(event);
    if (this.#told.get(event.type) === text) return;
    this.#told.set(event.type, text);
    this.#tell(event);
  }

  #tell(event: Untimed<NodeEvent>): void {
    const timed = { ...event, at: Date.now() } as NodeEvent;
    for (const listener of this.#listeners) listener(timed);
  }
}
