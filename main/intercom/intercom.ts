import { join } from 'node:path';
import {
  checkArguments,
  type Arguments,
  type MessageSummary,
  type MethodName,
  type NodeApi,
  type NodeEvent,
  type Result,
  type Settings,
  type Status,
} from '../../preload/api.ts';
import { dial, loadDirectory, saveDirectory } from '../directory/index.ts';
import { chooseInterfaces, SavedAddresses } from '../discovery/index.ts';
import {
  createOffice,
  joinLink,
  loadOffice,
  loadOrCreateIdentity,
  parseJoinLink,
  saveOffice,
  unwrapMessageKey,
  type Identity,
  type Office,
} from '../identity/index.ts';
import { readWav, silenceNativeOutput } from '../../native-audio/index.ts';
import { MediaWorker, type WorkerEvent } from '../media/index.ts';
import { CorridorError, type Fragment, type MessageId, type NodeRecord } from '../model/index.ts';
import { MessageStore, type StoredMessage } from '../store/index.ts';
import { Membership } from './membership.ts';
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

type Handlers = { readonly [M in MethodName]: (args: Checked<M>) => Promise<Result<M>> | Result<M> };
type Checked<M extends MethodName> = Extract<ReturnType<typeof checkArguments<M>>, { ok: true }>['args'];

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

  #member(): Membership {
    if (!this.#membership) {
      throw new CorridorError(
        'not-set-up',
        'This computer is in no office yet. Create one, or join with a colleague’s link.',
      );
    }
    return this.#membership;
  }

  // ---- the methods of the API

  #methods(): Handlers {
    return {
      status: () => this.#status(),
      setup: (args) => this.#setup(args),
      joinLink: () => ({ link: joinLink(this.#requireOffice().key) }),
      freeExtension: () => ({ extension: this.#roster.directory.nextFree() }),
      people: () =>
        people(this.#roster.directory, this.#identity.nodeId, this.#membership?.incoming.speaking ?? []),
      messages: () => this.#messages(),
      setPresence: async ({ presence }) => {
        this.#member();
        void this.#profile.change({ presence });
        this.#member().describe();
        return this.#status();
      },
      talkPress: ({ dial: dialled }) => this.#talk(dialled),
      talkRelease: () => ({ id: this.#member().outgoing.release() ?? null }),
      talkRecording: ({ dial: dialled, wavBase64 }) => {
        const pcm = readWav(Buffer.from(wavBase64, 'base64'));
        const { id } = this.#talk(dialled, pcm);
        return { id, durationMs: Math.round(pcm.length / 48) };
      },
      play: async ({ which, speed }) => {
        const message = this.#find(which);
        await this.#member().play(message, speed ?? 1);
        return { id: message.id };
      },
      playback: ({ action, positionMs }) => {
        const { player } = this.#member();
        if (action === 'seek') player.seek(positionMs ?? 0);
        else player.control(action);
        return player.playback ? playbackStatus(player.playback) : null;
      },
      exportMessage: async ({ which, format, heard }) => {
        const message = this.#find(which);
        const file = await this.#export(message, format);
        if (heard) this.#member().heard(message.id);
        return file;
      },
      deleteMessage: async ({ id }) => {
        const message = this.#store.get(id as MessageId);
        if (!message) return { deleted: false };
        if (this.#membership?.player.playback?.id === id) this.#membership.player.control('stop');
        await this.#store.delete(message.id);
        this.#tell({ type: 'notification-done', id });
        return { deleted: true };
      },
      devices: () => this.#sound.devices(),
      setSound: async (sound) => {
        const { microphone, speaker, ready } = { ...this.#profile.settings, ...defined(sound) };
        await this.#profile.change({ microphone, speaker, ready });
        this.#sound.configure({ microphone, speaker, ready });
        this.#tell({ type: 'settings', settings: this.#settings() });
        return this.#status();
      },
      settings: () => this.#settings(),
      setSettings: async (settings) => {
        await this.#profile.change(defined(settings));
        this.#tell({ type: 'settings', settings: this.#settings() });
        return this.#settings();
      },
      addAddress: async ({ address }) => {
        const membership = this.#member();
        const given = this.#addresses.give(address);
        await this.#addresses.save();
        await membership.lookAt(given);
        return { address: `${given.host}:${given.port}` };
      },
    };
  }

  async #setup({ office, name, extension }: Checked<'setup'>): Promise<Status> {
    const { directory, self } = this.#roster;
    const next = await this.#officeFor(office);
    if (!directory.isFree(extension, self)) {
      const [holder] = directory.resolve(extension);
      throw new CorridorError(
        'extension-taken',
        `Extension ${extension} belongs to ${holder?.name ?? 'somebody else'} already. ${directory.nextFree()} is free.`,
      );
    }
    const isNewClaim = extension !== this.#profile.settings.extension;
    await this.#profile.change({ name, extension, ...(isNewClaim ? { claimedAt: Date.now() } : {}) });
    if (next !== this.#office) {
      await this.#membership?.leave();
      this.#membership = undefined;
      await saveOffice(this.#options.profile, next, this.#options.log);
      this.#office = next;
    }
    if (this.#membership) this.#membership.describe();
    else await this.#join(next);
    this.#changed();
    return this.#status();
  }

  async #officeFor(office: string | undefined): Promise<Office> {
    if (office === undefined) return this.#requireOffice();
    if (office !== 'new') {
      const key = parseJoinLink(office);
      return this.#office && Buffer.from(key).equals(this.#office.key) ? this.#office : { key };
    }
    return createOffice();
  }

  #requireOffice(): Office {
    if (!this.#office) {
      throw new CorridorError(
        'no-office',
        'This computer is in no office yet. Create one, or join with a colleague’s link.',
      );
    }
    return this.#office;
  }

  #talk(dialled: string | undefined, pcm?: Int16Array): Result<'talkPress'> {
    const { outgoing } = this.#member();
    const extension = dialled ?? this.#talkTo()?.extension;
    if (extension === undefined) {
      throw new CorridorError(
        'nobody-chosen',
        'Choose somebody to talk to first: a person in the list, or a number.',
      );
    }
    const { microphone } = this.#sound.state;
    if (!pcm && (microphone.state === 'missing' || microphone.state === 'failed')) {
      throw new CorridorError(
        'no-microphone',
        microphone.sentence ?? 'There is no microphone. Plug one in, or choose another in the settings.',
      );
    }
    const recipients = this.#recipients(extension);
    const talk = outgoing.press(
      recipients,
      this.#roster.own.record.extension,
      recipients[0]?.extension ?? extension,
      pcm,
    );
    this.#troubles.set('microphone', undefined);
    void this.#profile.change({ lastDialled: talk.to });
    return { id: talk.id, to: talk.to, names: recipients.map((record) => record.name) };
  }

  #recipients(dialled: string): readonly NodeRecord[] {
    const reached = dial(dialled, this.#roster.directory);
    if (reached.kind !== 'person') throw new CorridorError('nobody', reached.sentence);
    const others = reached.nodes.filter(({ node }) => node !== this.#identity.nodeId);
    if (others.length === 0) throw new CorridorError('yourself', `${dialled} is your own extension.`);
    return others;
  }

  async #export(message: StoredMessage, format: 'ogg' | 'wav'): Promise<Result<'exportMessage'>> {
    const header = message.header.facts;
    const key = await unwrapMessageKey(this.#identity, header);
    const count = message.manifest?.facts.count ?? message.held;
    const fragments: Fragment[] = [];
    while (fragments.length < count) {
      const batch = await this.#store.read(message.id, fragments.length, count - fragments.length);
      if (batch.length === 0) break;
      fragments.push(...batch);
    }
    if (fragments.length < count || count === 0) {
      throw new CorridorError(
        'not-complete',
        'This message is not complete on this computer yet. Try again in a moment.',
      );
    }
    const { bytes, durationMs } = await this.#sound.render({
      ssrc: header.ssrc,
      key,
      fragments,
      count,
      format,
    });
    return { base64: Buffer.from(bytes).toString('base64'), durationMs };
  }

  #find(which: string): StoredMessage {
    if (which === 'next') {
      const [next] = this.#store.unheard();
      if (!next) throw new CorridorError('nothing-unheard', 'There is nothing unheard.');
      return next;
    }
    const message = this.#store.get(which as MessageId) ?? this.#store.findByNumber(which.replace(/^#/, ''));
    if (!message?.roles.mine) {
      throw new CorridorError(
        'no-message',
        `There is no message ${which} here. \`messages\` lists those there are.`,
      );
    }
    return message;
  }

  // ---- what is shown

  #status(): Status {
    const { name, extension, presence } = this.#profile.settings;
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

  #messages(): readonly MessageSummary[] {
    return this.#store
      .list()
      .filter((message) => message.roles.mine !== undefined)
      .reverse()
      .map((message) => this.#summary(message));
  }

  #summary(message: StoredMessage): MessageSummary {
    const isTalking = this.#membership?.outgoing.current?.id === message.id;
    return messageSummary(message, this.#roster.directory, isTalking, (node) =>
      this.#membership?.progressOf(message.id).get(node),
    );
  }

  #settings(): Settings {
    const { microphone, speaker, ready, talkKey } = this.#profile.settings;
    return { microphone, speaker, ready, talkKey };
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
      const list = people(this.#roster.directory, this.#identity.nodeId, speaking);
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

type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never;

/** Without the fields that were left out. */
function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
