import { localizedText } from '../../i18n/index.ts';
import { chooseInterfaces, type SavedAddresses } from '../discovery/index.ts';
import { saveOffice, type Identity, type Office } from '../identity/index.ts';
import { MediaSocket, type MediaWorker } from '../media/index.ts';
import { CorridorError, schedule } from '../model/index.ts';
import type { MessageStore } from '../store/index.ts';
import { Membership, type MembershipHandlers } from './membership.ts';
import type { NodeOptions } from './options.ts';
import type { Playback } from './player.ts';
import type { Profile } from './profile.ts';
import { Retrying } from './retrying.ts';
import type { Roster } from './roster.ts';
import type { Troubles } from './troubles.ts';
import { VERSION } from './version.ts';

const LOOPBACK = '127.0.0.1';
/** How often it is looked whether the talk has ended that a change of network waits for. */
const TALK_ENDS_EVERY_MS = 100;

export interface AttendanceParts {
  readonly options: NodeOptions;
  readonly profile: Profile;
  readonly identity: Identity;
  readonly media: MediaWorker;
  readonly roster: Roster;
  readonly store: MessageStore;
  readonly addresses: SavedAddresses;
  readonly troubles: Troubles;
  readonly handlers: MembershipHandlers;
  /** Member or not: that has changed. */
  readonly changed: () => void;
}

/** Being in the office: joins it, leaves it, and joins it anew where the computer slept or its address is another. */
export class Attendance {
  readonly #parts: AttendanceParts;
  #office: Office | undefined;
  /** The media socket that is open. */
  #media: { readonly address: string; readonly port: number } | undefined;
  #membership: Membership | undefined;
  /** One change after the other. */
  #changing: Promise<void> = Promise.resolve();
  readonly #again = new Retrying(() => void this.#then(() => this.#comeBack()), schedule);
  #closed = false;

  constructor(parts: AttendanceParts, office: Office | undefined) {
    this.#parts = parts;
    this.#office = office;
  }

  get office(): Office | undefined {
    return this.#office;
  }

  /** Undefined before first run is done, and for the moment in which sockets are opened anew. */
  get membership(): Membership | undefined {
    return this.#membership;
  }

  /** The media socket, on the network interface that was chosen. @throws CorridorError where this computer has it not */
  async open(): Promise<void> {
    await this.#openMedia(this.#chosenAddress());
    this.#tellNetwork();
  }

  /** Becomes a member of the office, if it is not yet; says anew who one is, if it is. */
  enter(office: Office): Promise<void> {
    return this.#then(async () => {
      if (office !== this.#office) {
        await this.#leave();
        await saveOffice(this.#parts.options.profile, office, this.#parts.options.log);
        this.#office = office;
        this.#parts.roster.directory.clear();
      }
      if (this.#membership) this.#membership.describe();
      else await this.#join();
    });
  }

  /** Joins the office that the profile has, if first run is done. */
  resume(): Promise<void> {
    return this.#then(() => this.#join());
  }

  /** The computer is about to sleep: the switch hands over, and nobody waits for this node. */
  sleep(): Promise<void> {
    this.#membership?.outgoing.release();
    return this.#then(() => {
      this.#again.stop();
      return this.#leave();
    });
  }

  /**
   * The computer woke up, or its addresses may have changed: back in the office, at the address it has now. Where that cannot be
   * used yet, it is tried again by itself, and people are told.
   */
  reconnect(): Promise<void> {
    return this.#then(() => {
      this.#again.stop();
      return this.#comeBack();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#again.stop();
    this.#membership?.outgoing.release();
    await this.#changing;
    await this.#leave();
  }

  #then(change: () => Promise<void>): Promise<void> {
    const done = this.#changing.then(async () => {
      if (this.#closed) return;
      await change();
      this.#parts.changed();
    });
    this.#changing = done.catch(() => undefined);
    return done;
  }

  async #comeBack(): Promise<void> {
    try {
      await this.#moveTo(this.#chosenAddress());
      this.#again.stop();
      this.#tellNetwork();
    } catch (error) {
      await this.#stayAlone();
      if (!this.#closed) this.#comeBackLater(error as Error);
    }
  }

  /** What is being said is finished first; what is being played goes on afterwards. Nothing is left for an address of no use. */
  async #moveTo(address: string): Promise<void> {
    if (address === this.#media?.address) return this.#join();
    await assertUsable(address);
    await this.#talkEnds();
    const before = this.#media ? `; it was at ${this.#media.address}` : '';
    this.#parts.options.log(`This computer is at ${address} now${before}.`);
    const playback = this.#membership?.player.playback;
    await this.#leave();
    await this.#openMedia(address);
    await this.#join();
    if (playback) await this.#resumePlayback(playback);
  }

  /** Whoever is in the office stays in it, reached by nobody; who has left it is in it by themselves. */
  async #stayAlone(): Promise<void> {
    if (this.#membership) return;
    await this.#moveTo(LOOPBACK).catch((error: Error) => {
      this.#parts.options.log(`Corridor cannot open its sockets: ${error.message}`);
    });
  }

  #comeBackLater(error: Error): void {
    const waitMs = this.#again.failed();
    this.#parts.options.log(
      `The network cannot be used yet, and is tried again in ${waitMs / 1000} s: ${error.message}`,
    );
    const phrase = error instanceof CorridorError ? error.phrase : null;
    this.#parts.troubles.set(
      'network',
      phrase?.code === 'no-such-interface'
        ? localizedText(
            'interface-gone',
            `${error.message} Corridor looks for it, and what you say is kept here.`,
            phrase.details,
          )
        : localizedText(
            'network-unusable',
            'This computer’s network cannot be used yet, and Corridor tries again by itself. What you say is kept here, and reaches your colleagues then.',
          ),
    );
  }

  async #join(): Promise<void> {
    const { profile, handlers, options, identity, store, media, roster, addresses } = this.#parts;
    const { name, extension } = profile.settings;
    if (this.#membership || !this.#office || name === null || extension === null) return;
    const { address, port } = this.#media ?? (await this.#openMedia(this.#chosenAddress()));
    this.#membership = await Membership.join({
      ...{ identity, store, media, roster, addresses, handlers },
      office: this.#office,
      address,
      mediaPort: port,
      interfaces: options.interfaces ?? [],
      version: VERSION,
      log: options.log,
    });
  }

  async #leave(): Promise<void> {
    const membership = this.#membership;
    membership?.player.control('stop');
    this.#membership = undefined;
    await membership?.leave();
  }

  /** The address counts as this node's only once its socket is open there; the one before is closed in any case. */
  async #openMedia(address: string): Promise<{ readonly address: string; readonly port: number }> {
    this.#media = undefined;
    const port = await this.#parts.media.bind(address, 0);
    this.#media = { address, port };
    return this.#media;
  }

  /** What is being said is kept here whatever the network does; it goes out when it is whole. */
  async #talkEnds(): Promise<void> {
    while (this.#membership?.outgoing.current && !this.#closed) {
      await new Promise((resolve) => setTimeout(resolve, TALK_ENDS_EVERY_MS));
    }
  }

  async #resumePlayback({ id, speed, positionMs, all }: Playback): Promise<void> {
    const message = this.#parts.store.get(id);
    if (message) await this.#membership?.play(message, { speed, positionMs, all });
  }

  #chosenAddress(): string {
    return chooseInterfaces(this.#parts.options.interfaces)[0]?.address ?? LOOPBACK;
  }

  #tellNetwork(): void {
    const wanted = this.#parts.options.interfaces ?? [];
    const isCutOff = this.#media?.address === LOOPBACK && wanted.length === 0;
    this.#parts.troubles.set(
      'network',
      isCutOff
        ? localizedText(
            'no-network',
            'This computer is on no network now. What you say is kept here, and reaches your colleagues when the network is back.',
          )
        : undefined,
    );
  }
}

/** @throws ErrnoException where no socket can be opened there: the computer has not got the address (yet), or no port is free. */
async function assertUsable(address: string): Promise<void> {
  const socket = await MediaSocket.open(address, 0, () => undefined);
  socket.close();
}
