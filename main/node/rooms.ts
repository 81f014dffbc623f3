import { hostname } from 'node:os';
import { Calls } from '../calls/index.ts';
import { saveOffice } from '../identity/index.ts';
import { MediaSocket, type MediaWorker } from '../media/index.ts';
import { Messages } from '../messages/index.ts';
import { homeFolder, multicastGroupOf, nextTurn, type Ports } from '../model/index.ts';
import { OfficesSeen, OfficeSession, WayBack, type OfficeNetwork } from '../office/index.ts';
import { Attention } from './attention.ts';
import { AutoAnswers } from './auto-answers.ts';
import { BeingSpoken } from './being-spoken.ts';
import { callEar, holdEarWhileCalling, isEngaged } from './call-ear.ts';
import { CallRecordings } from './call-recordings.ts';
import { computerName } from './computer-name.ts';
import { rankOfThisComputer } from './computer-rank.ts';
import { DiskRoom } from './disk-room.ts';
import type { NodeOptions } from './options.ts';
import { Flashes } from './flashes.ts';
import { historyIn } from './history.ts';
import { applyKeeping } from './keeping.ts';
import { Introductions } from './introductions.ts';
import { joinMessages } from './join-messages.ts';
import { makeEngines, makeSpeechRooms, type SpeechRooms } from './speech-rooms.ts';
import { OwnDivert } from './own-divert.ts';
import { UNDO_MS } from './profile.ts';
import { PersonSound } from './person-sound.ts';
import { OfficeEntry } from './office-entry.ts';
import type { ProfileFolder } from './profile-folder.ts';
import type { Sound } from './sound.ts';
import { spaceOf } from './storage.ts';
import { endTalksByCalls } from './talk-gives-way.ts';
import type { Troubles } from './troubles.ts';
import { VERSION } from './version.ts';

interface RoomsParts extends ProfileFolder {
  readonly options: NodeOptions;
  readonly media: MediaWorker;
  readonly sound: Sound;
  readonly network: OfficeNetwork;
  readonly troubles: Troubles;
  readonly ports: Ports;
}

/** What lasts, and being connected. */
export interface Rooms extends SpeechRooms {
  readonly messages: Messages;
  readonly calls: Calls;
  /** Who puts callers through to this person. */
  readonly introductions: Introductions;
  readonly session: OfficeSession;
  readonly entry: OfficeEntry;
  /** What is seen of other offices. */
  readonly offices: OfficesSeen;
  /** Where this node was removed: whether it may come back. */
  readonly wayBack: WayBack;
  readonly attention: Attention;
  readonly divert: OwnDivert;
  /** How colleagues are heard here. */
  readonly personSound: PersonSound;
  /** Whose calls are answered by themselves. */
  readonly autoAnswers: AutoAnswers;
  readonly recordings: CallRecordings;
  /** Calls the person by light. */
  readonly flashes: Flashes;
  readonly spoken: BeingSpoken;
  /** Whether this computer can keep messages for others. */
  readonly diskRoom: DiskRoom;
  readonly keeping: { close(): void };
}

/** Makes messages and office, each for the node's whole life, and joins them by their ports: neither makes the other. */
export function makeRooms(parts: RoomsParts): Rooms {
  const {
    options,
    identity,
    store,
    directory,
    addresses,
    profile,
    media,
    sound,
    savedOffice,
    keeper,
    network,
    troubles,
    ports,
    starts,
    lastOnline,
  } = parts;
  const { log } = options;
  const attention = new Attention();
  const diskRoom: DiskRoom = new DiskRoom({
    ...{ clock: ports.clock, schedule: ports.schedule },
    isRefused: () => store.trouble !== undefined,
    space: () => spaceOf(options.profile),
    changed: () => session.describe(),
  });
  store.on('trouble', () => diskRoom.look());
  store.on('recovered', () => diskRoom.look());
  const session: OfficeSession = new OfficeSession(
    {
      ...{ identity, directory, addresses, starts, log, network, ...ports },
      person: {
        get settings() {
          const { settings } = profile;
          return { ...settings, presence: attention.presenceOf(settings.presence) };
        },
        note: (changes) => profile.note(changes),
      },
      rank: rankOfThisComputer(),
      version: VERSION,
      storeId: store.id,
      computer: computerName(hostname()),
      isFull: () => diskRoom.isFull,
      interfaces: options.interfaces ?? [],
      saveOffice: (office) => saveOffice(options.profile, office, log, ports),
      mediaSocket: {
        ...{ assertUsable, bind: (address) => media.bind(address, 0) },
        join: (office) => media.join(office === undefined ? undefined : multicastGroupOf(office)),
      },
    },
    savedOffice,
  );
  const personSound = new PersonSound({
    ...{ profile, clock: ports.clock, schedule: ports.schedule },
    personOf: (node) => session.peers.personOf(node),
  });
  const canPlay = (): boolean => !['missing', 'failed'].includes(sound.state.speaker.state);
  const engines = makeEngines({ options, profile });
  const messages = new Messages({
    ...{ identity, store, media, log, nextTurn, voice: engines.ownVoice, ...ports },
    office: session.peers,
    listener: {
      get presence() {
        return profile.settings.presence;
      },
      get canPlay() {
        return canPlay();
      },
      get isLocked() {
        return attention.isLocked;
      },
      get isIdle() {
        return attention.isIdle;
      },
      get hearsOverrideAway() {
        return profile.settings.overrideWhenAway;
      },
      gainOf: ({ talker, page }) => personSound.gainOf(talker) * (page ? personSound.gainOfPages : 1),
      isMuted: (talker) => personSound.isMuted(talker),
    },
    history: historyIn(profile),
    lastOnline: (node) => lastOnline.of(node),
    undoMs: UNDO_MS,
  });
  const autoAnswers = new AutoAnswers({ profile, session });
  const calls = new Calls({
    ...{ identity, media, log, office: session.peers, ...ports },
    listener: {
      get presence() {
        return profile.settings.presence;
      },
      get isLocked() {
        return attention.isLocked;
      },
      get isIdle() {
        return attention.isIdle;
      },
      get isHere() {
        return messages.own.isHere;
      },
      get canPlay() {
        return canPlay();
      },
      get isEngaged() {
        return isEngaged(messages);
      },
      gainOf: (node) => personSound.gainOf(node),
      isMuted: (node) => personSound.isMuted(node),
      isChosen: (person) => autoAnswers.has(person),
    },
    ear: callEar(messages, session.peers),
  });
  const recordings = new CallRecordings({
    ...{ calls, media, profile, ...ports, home: homeFolder() ?? options.profile },
    nameOf: (person) => session.roster.directory.nameOfPerson(person) ?? '',
  });
  personSound.events.on('changed', () => {
    calls.refreshVoices();
    messages.gains.changed();
  });
  holdEarWhileCalling({ calls, messages, attention, describe: () => session.describe() });
  endTalksByCalls({ messages, calls });
  const introductions = new Introductions({ ...ports, peers: session.peers });
  join({ messages, calls, session, introductions });
  const { schedule, random } = ports;
  const interfaces = options.interfaces ?? [];
  const offices = new OfficesSeen({ network, interfaces, schedule });
  const entry = new OfficeEntry({
    ...{ identity, keeper, profile, session, network, interfaces, addresses, offices, ports, log },
    trouble: (text) => troubles.set('join', text),
  });
  const wayBack = new WayBack({ session, identity, network, interfaces, addresses, schedule, random, log });
  const spoken = new BeingSpoken({ messages, schedule });
  const speech = makeSpeechRooms({
    ...{ options, engines, identity, profile, messages, calls, spoken, sound, media, troubles, ports },
  });
  const flashes = new Flashes({ profile, attention, calls, messages, session, personSound, ...ports });
  const divert = new OwnDivert({ profile, session, clock: ports.clock });
  const keeping = applyKeeping({ profile, session, messages, lastOnline, schedule });
  return {
    ...{ messages, calls, introductions, session, entry, offices, wayBack },
    ...{ spoken, attention, divert, personSound, autoAnswers, recordings, flashes, diskRoom, keeping },
    ...speech,
  };
}

function join({
  messages,
  calls,
  session,
  introductions,
}: Pick<Rooms, 'messages' | 'calls' | 'session' | 'introductions'>): void {
  const { events } = session;
  joinMessages(messages, session);
  events.on('call', ({ from, signal }) => calls.signal(signal, from));
  events.on('pickUp', ({ from, word }) => {
    if (word.say === 'put-through') introductions.hear(word, from);
    else calls.pickUpSaid(word, from);
  });
  events.on('changed', () => calls.look());
  events.on('endpoints', () => calls.refreshVoices());
}

/**
 * @throws ErrnoException where no socket can be opened there: the computer does not have the address (yet), or no port is free
 */
async function assertUsable(address: string): Promise<void> {
  const socket = await MediaSocket.open(address, 0, () => undefined);
  socket.close();
}
