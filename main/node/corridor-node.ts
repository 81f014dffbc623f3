import {
  checkArguments,
  type Arguments,
  type MethodName,
  type NodeApi,
  type NodeEvent,
  type Result,
} from '../../preload/api.ts';
import { MediaWorker } from '../media/index.ts';
import { CorridorError, faults, nodePorts, type Ports, type NodeId } from '../model/index.ts';
import { watchNetwork, type OfficeNetwork } from '../office/index.ts';
import { followed } from './diverts.ts';
import { EventPublisher } from './event-publisher.ts';
import { forwardEvents } from './event-sources.ts';
import { CallViews } from './call-views.ts';
import { KnownPersons } from './known-persons.ts';
import { lan } from './lan.ts';
import { watchLedger } from './large-ledger.ts';
import { LogTail } from './log-tail.ts';
import { askingMethods } from './methods/asking.ts';
import { callMethods } from './methods/calls.ts';
import { codeMethods } from './methods/codes.ts';
import { groupMethods } from './methods/groups.ts';
import { memberMethods } from './methods/members.ts';
import { messageMethods } from './methods/messages.ts';
import { officeMethods } from './methods/office.ts';
import { peopleMethods } from './methods/people.ts';
import { settingsMethods } from './methods/settings.ts';
import { soundMethods } from './methods/sound.ts';
import { talkMethods } from './methods/talk.ts';
import { movingMethods } from './methods/moving.ts';
import { MissedCalls } from './missed-calls.ts';
import { MoveQuestions } from './move-questions.ts';
import type { Handlers, NodeContext } from './node-context.ts';
import { NodeViews } from './node-views.ts';
import { NumberKeeper } from './number-keeper.ts';
import type { NodeOptions } from './options.ts';
import { ForgedVoices } from './forged-voices.ts';
import { Overruns } from './overruns.ts';
import { OwnPresence } from './own-presence.ts';
import { raisePriority } from './priority.ts';
import { reachableSets } from './reachable-sets.ts';
import { watchRecoveryCode } from './recovery-codes.ts';
import { closeProfileFolder, openProfileFolder, type ProfileFolder } from './profile-folder.ts';
import { makeRooms, type Rooms } from './rooms.ts';
import { superviseSound } from './sound-supervision.ts';
import { Sound, soundOf } from './sound.ts';
import { Troubles } from './troubles.ts';

interface NodeParts {
  readonly options: NodeOptions;
  readonly tail: LogTail;
  readonly folder: ProfileFolder;
  readonly media: MediaWorker;
  readonly network: OfficeNetwork;
  /** The clock, the timers, chance and the disk for everything that this node does. */
  readonly ports: Ports;
}

/** A running node: what every transport calls, and what it publishes. */
export class CorridorNode implements NodeApi {
  readonly #parts: NodeParts;
  readonly #sound: Sound;
  readonly #rooms: Rooms;
  readonly #troubles: Troubles;
  readonly #known: KnownPersons;
  readonly #moves: MoveQuestions;
  readonly #missed: MissedCalls;
  readonly #overruns: Overruns;
  readonly #forged: ForgedVoices;
  readonly #publisher: EventPublisher;
  readonly #handlers: Handlers;
  readonly #closing: (() => void)[] = [];
  #closed = false;

  private constructor(parts: NodeParts) {
    const { options, media, folder, network, ports } = parts;
    this.#parts = parts;
    this.#sound = new Sound(media);
    const sound = this.#sound;
    const troubles = new Troubles();
    this.#rooms = makeRooms({ ...folder, options, media, sound, network, troubles, ports });
    const rooms = this.#rooms;
    const { profile, identity, isFormer } = folder;
    const known = new KnownPersons({
      ...{ profile, session: rooms.session },
      settingsChanged: () => this.#publisher.publish({ type: 'settings', settings: profile.shown }),
    });
    this.#known = known;
    const moves = new MoveQuestions({
      ...{ profile, session: rooms.session, clock: ports.clock },
      asked: (text) => {
        this.#publisher.publish({ type: 'move-asked', ...text });
        rooms.flashes.asked('move');
      },
    });
    this.#moves = moves;
    const missed = new MissedCalls({
      ...{ profile, roster: rooms.session.roster, clock: ports.clock },
      changed: () => this.#publisher.changed(),
    });
    this.#missed = missed;
    const views = new NodeViews({
      ...rooms,
      callViews: new CallViews({
        ...{ calls: rooms.calls, introductions: rooms.introductions, clock: ports.clock },
        ...{ directory: rooms.session.roster.directory, self: identity.nodeId },
      }),
      ...{ missed, known, moves, profile, identity, isFormer, sound, troubles, clock: ports.clock },
    });
    const publisher = new EventPublisher(views);
    const numbers = new NumberKeeper({
      ...{ identity, session: rooms.session, log: options.log },
      trouble: (text) => troubles.set('extension-taken', text),
    });
    this.#troubles = troubles;
    this.#overruns = new Overruns(ports.clock, options.log);
    const overruns = this.#overruns;
    const nameOf = (node: NodeId) => rooms.session.roster.directory.get(node)?.name;
    const forged = new ForgedVoices({ clock: ports.clock, troubles, nameOf });
    this.#forged = forged;
    this.#publisher = publisher;
    this.#closing.push(
      () => publisher.close(),
      faults.onLogged(({ line }) => options.log(line)),
      forwardEvents({
        ...rooms,
        ...{ missed, media, troubles, overruns, forged, views, publisher },
        ...{ clock: ports.clock, log: options.log },
      }),
      superviseSound(media, troubles, ports.schedule),
      watchRecoveryCode(rooms.session, troubles),
      watchLedger(rooms.session, troubles),
      // A damaged office file matters only until the node is in an office.
      rooms.session.events.on('changed', () => {
        if (!rooms.session.office?.ledger.self) return;
        for (const code of ['ledger-damaged', 'office-damaged']) troubles.set(code, undefined);
      }),
      // These events can change who needs a sender key: the people online, the switch, and the members of the chosen group.
      ...(['roster', 'changed', 'linked'] as const).map((what) =>
        rooms.session.events.on(what, () => this.#prepare()),
      ),
      ...[
        ...[numbers, known, rooms.personSound, rooms.flashes, rooms.spoken, rooms.keeping],
        ...[rooms.transcribing, rooms.captioning, rooms.ownVoice, rooms.diskRoom, moves],
      ].map((one) => () => one.close()),
    );
    profile.onUnsaved((trouble) => troubles.set('settings-unsaved', trouble));
    this.#handlers = methodsOf(this.#context(views));
  }

  /** Starts a node in its profile folder. Errors are CorridorErrors whose sentence says what to do. */
  static async start(given: NodeOptions, ports: Ports = nodePorts): Promise<CorridorNode> {
    const tail = new LogTail(() => ports.clock.now());
    const log = (line: string): void => {
      tail.add(line);
      given.log(line);
    };
    const options: NodeOptions = { ...given, log };
    raisePriority();
    const folder = await openProfileFolder(options.profile, log, ports);
    for (const address of options.addresses ?? []) folder.addresses.give(address);
    const { microphone, speaker, ready } = options;
    await folder.profile.note({
      ...(microphone !== undefined ? { microphone } : {}),
      ...(speaker !== undefined ? { speaker } : {}),
      ...(ready !== undefined ? { ready } : {}),
    });
    const isKnown = (address: string): boolean => folder.directory.isAt(address);
    const media = new MediaWorker(options.workerPath, { rests: options.restsCold ?? false, isKnown, log });
    const node = new CorridorNode({ options, tail, folder, media, network: lan(ports), ports });
    node.#troubles.found(folder.damaged);
    try {
      await node.#begin();
    } catch (error) {
      // Its threads and sockets would keep the process running.
      await node.close().catch((also: unknown) => log(`after a start that failed: ${String(also)}`));
      throw error;
    }
    return node;
  }

  async call<M extends MethodName>(method: M, args?: Arguments<M>): Promise<Result<M>> {
    const checked = checkArguments(method, args);
    if (!checked.ok)
      throw new CorridorError('bad-arguments', checked.error, { details: { why: checked.error } });
    return this.#handlers[method](checked.args);
  }

  onEvent(listener: (event: NodeEvent) => void): () => void {
    return this.#publisher.listen(listener);
  }

  /**
   * Leaves the office in good order: the switch hands over first, what waits is written.
   * @throws Error where a thread is stuck; all is written even so
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const stop of this.#closing) stop();
    const { media, folder } = this.#parts;
    const { messages, calls, recordings, session, entry, offices, wayBack } = this.#rooms;
    calls.close();
    await recordings.close();
    messages.outgoing.release();
    await entry.stop();
    await offices.stop();
    await wayBack.close();
    await session.close();
    messages.close();
    try {
      await media.close();
    } finally {
      await closeProfileFolder(folder);
    }
  }

  async #begin(): Promise<void> {
    const { media, options, folder, network, ports } = this.#parts;
    const { messages, session, entry } = this.#rooms;
    const { settings } = folder.profile;
    media.start(soundOf(settings, options.showsFlashes === true));
    await session.open();
    const name = options.name ?? settings.name;
    const { office, extension } = options;
    const asked = office !== undefined || options.name !== undefined || extension !== undefined;
    const isIn = session.office?.ledger.self !== undefined;
    if (asked && name !== null && (isIn || office !== undefined)) {
      const hasOne = office === 'new' && isIn;
      await this.call('setup', {
        name,
        ...(extension !== undefined ? { extension } : {}),
        ...(office !== undefined && !hasOne ? { office } : {}),
      });
    } else {
      await session.resume();
      await entry.resume();
    }
    // Reaching colleagues comes first: deleting what age and room demand can wait until the node is in its office.
    messages.retention.sweepRegularly();
    const { clock, schedule } = ports;
    const watched = { interfaces: () => network.interfaces(), chosen: options.interfaces ?? [] };
    const ticks = { now: () => clock.now(), schedule };
    this.#closing.push(watchNetwork(() => void session.reconnect(), { ...watched, ...ticks }));
  }

  #context(views: NodeViews): NodeContext {
    const { options, tail, folder, ports } = this.#parts;
    const { profile, identity, addresses } = folder;
    const publisher = this.#publisher;
    const { session } = this.#rooms;
    const presence = new OwnPresence({ profile, session, changed: () => publisher.changed() });
    this.#closing.push(() => presence.close());
    return {
      ...{ options, tail, profile, identity, addresses, views, presence, known: this.#known },
      moves: this.#moves,
      missed: this.#missed,
      ...this.#rooms,
      roster: session.roster,
      clock: ports.clock,
      random: ports.random,
      schedule: ports.schedule,
      sound: this.#sound,
      troubles: this.#troubles,
      overruns: this.#overruns,
      forged: this.#forged,
      publish: (event) => publisher.publish(event),
      changed: () => {
        publisher.changed();
        this.#prepare();
      },
    };
  }

  /** Has keys prepared for the people whom the talk key reaches, and for others whom one press can. */
  #prepare(): void {
    const { messages, session } = this.#rooms;
    const facts = { session, roster: session.roster, profile: this.#parts.folder.profile };
    messages.choose(followed(session.roster, this.#known.reached).nodes, () => reachableSets(facts));
  }
}

function methodsOf(node: NodeContext): Handlers {
  return {
    ...officeMethods(node),
    ...movingMethods(node),
    ...memberMethods(node),
    ...askingMethods(node),
    ...peopleMethods(node),
    ...groupMethods(node),
    ...talkMethods(node),
    ...codeMethods(node),
    ...callMethods(node),
    ...messageMethods(node),
    ...soundMethods(node),
    ...settingsMethods(node),
  };
}
