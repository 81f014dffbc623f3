import { Messages, type ListenerPort } from '../../main/messages/index.ts';
import type { NodeId } from '../../main/model/index.ts';
import { historyIn } from '../../main/node/history.ts';
import { joinMessages } from '../../main/node/join-messages.ts';
import { NumberKeeper } from '../../main/node/number-keeper.ts';
import { UNDO_MS } from '../../main/node/profile.ts';
import { closeProfileFolder, openProfileFolder, type ProfileFolder } from '../../main/node/profile-folder.ts';
import { saveOffice } from '../../main/identity/index.ts';
import { OfficeSession } from '../../main/office/index.ts';
import type { SimulatedDisk, Survival } from '../support/simulated-disk.ts';
import { Life, type WallClock } from './life.ts';
import { mediaPortOf, type Host, type SimulatedNetwork } from './network.ts';
import { FOLDER } from './office-files.ts';
import type { SimulatedTime } from './time.ts';
import type { Variation } from './variation.ts';
import { RunningWorker } from './worker.ts';

/** A node that runs on a computer: its real rooms. */
export interface Running {
  readonly life: Life;
  readonly host: Host;
  readonly folder: ProfileFolder;
  readonly session: OfficeSession;
  readonly messages: Messages;
  readonly worker: RunningWorker;
  /** Its keeper of numbers. */
  readonly numbers: NumberKeeper;
}

interface ComputerParts {
  readonly index: number;
  readonly seed: number;
  readonly time: SimulatedTime;
  readonly network: SimulatedNetwork;
  readonly disk: SimulatedDisk;
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** A node has its rooms, and is about to go into its office. */
  readonly made: (computer: Computer, running: Running) => void;
  /** Its disk is about to do something. */
  readonly operation: () => void;
  readonly fail: (why: string, error: unknown) => void;
  readonly variation: Variation;
}

/** A computer with a disk, a clock and a person in front of it. It runs a node, or it is off. */
export class Computer {
  readonly index: number;
  disk: SimulatedDisk;
  readonly wall: WallClock = { aheadMs: 0 };
  readonly listener: { -readonly [Fact in keyof ListenerPort]: ListenerPort[Fact] } = {
    ...{ presence: 'available', canPlay: true, isLocked: false, isIdle: false },
    ...{ gainOf: () => 1, isMuted: () => false, hearsOverrideAway: false },
  };
  /** Undefined: it is off, or about to be on. */
  running: Running | undefined;
  /** Also while it starts. */
  life: Life | undefined;
  /** It burned down, with its disk. */
  isLost = false;
  node: NodeId | undefined;
  readonly #parts: ComputerParts;
  #host: Host | undefined;
  #starts = 0;

  constructor(parts: ComputerParts) {
    this.#parts = parts;
    this.index = parts.index;
    this.disk = parts.disk;
  }

  get isOn(): boolean {
    return this.life !== undefined;
  }

  /** It is switched on. An error is reported, unless the computer dies first. */
  start(): void {
    if (this.isOn || this.isLost) return;
    const { time, seed, index, fail, operation } = this.#parts;
    this.#starts += 1;
    const life = new Life(time, (seed * 64 + index) * 1024 + this.#starts, this.disk, this.wall, operation);
    this.life = life;
    this.#begin(life).catch((error: unknown) => {
      if (!life.isOver) fail(`computer ${index} did not start`, error);
    });
  }

  /** It dies at this very moment. Without power, what was not synced is lost, or torn. */
  kill(survival: Survival): void {
    const { life } = this;
    if (!life) return;
    this.#off(life, survival === 'kept' ? 'ended' : 'without-power');
    this.disk = this.disk.afterPowerFailure(survival, this.#parts.random);
  }

  /** It is switched off in good order. */
  async stop(): Promise<void> {
    const { life, running } = this;
    if (!life || !running) return;
    this.running = undefined;
    const { session, messages, folder, numbers } = running;
    numbers.close();
    messages.outgoing.release();
    await session.close();
    messages.close();
    await closeProfileFolder(folder);
    if (life.isOver) return;
    this.#off(life, 'ended');
    this.disk = this.disk.afterPowerFailure('kept');
  }

  /** What it keeps is taken over by the simulation, as it is on the disk. */
  #off(life: Life, how: 'ended' | 'without-power'): void {
    life.isOver = true;
    this.life = undefined;
    this.running = undefined;
    if (this.#host) this.#parts.network.detach(this.#host, how);
    this.#host = undefined;
  }

  async #begin(life: Life): Promise<void> {
    const { index, log, variation } = this.#parts;
    const { disk } = life.ports;
    const ports = { ...life.ports, disk: variation.disk?.(disk) ?? disk };
    const say = (line: string): void => {
      if (!life.isOver) log(`${index}: ${line}`);
    };
    const folder = await openProfileFolder(FOLDER, say, ports);
    const { identity, profile, directory, addresses, starts } = folder;
    const store = variation.store?.(folder.store) ?? folder.store;
    for (const error of folder.damaged) say(error.message);
    this.node = identity.nodeId;
    const { host, network } = this.#parts.network.attach(index, identity, life);
    this.#host = host;
    const worker = new RunningWorker(life);
    worker.carry = (fragments, ssrc, targets) => this.#parts.network.carry(host, fragments, ssrc, targets);
    host.media = (fragments, ssrc) => worker.arrive(fragments, ssrc);
    const session = new OfficeSession(
      {
        ...{ identity, directory, addresses, starts, network, log: say, ...ports },
        person: {
          get settings() {
            return profile.settings;
          },
          note: (changes) => profile.note(changes),
        },
        ...{ rank: 500, version: '0.0.0', storeId: store.id, interfaces: [] },
        saveOffice: (office) => saveOffice(FOLDER, office, say, ports),
        mediaSocket: {
          assertUsable: async () => undefined,
          bind: async () => mediaPortOf(index),
          join: () => undefined,
        },
      },
      folder.savedOffice,
    );
    const messages = new Messages({
      ...{ identity, store, media: worker, log: say, nextTurn: life.nextTurn, ...ports },
      ...{ office: session.peers, listener: this.listener, history: historyIn(profile), undoMs: UNDO_MS },
      voice: { readOut: async () => undefined },
    });
    joinMessages(messages, session);
    const numbers = new NumberKeeper({ identity, session, log: say, trouble: () => undefined });
    const running: Running = { life, host, folder, session, messages, worker, numbers };
    this.running = running;
    this.#parts.made(this, running);
    await session.open();
    await session.resume();
    messages.retention.sweepRegularly();
  }
}
