import type { LocalizedText } from '../../i18n/index.ts';
import type { SavedAddresses } from '../discovery/index.ts';
import {
  Asker,
  endedText,
  isWorthAskingOthers,
  JOIN_EXPORTER_LABEL,
  notCompared,
  refusedText,
  signCard,
  type Joined,
  type JoiningFrame,
  type NewcomerStep,
  type NodeKeys,
  type Place,
} from '../identity/index.ts';
import { CorridorError, toBase64url } from '../model/index.ts';
import type { ControlLink, ControlMessage } from '../signalling/index.ts';
import type { Finder, OfficeNetwork, OfficePorts, SocketAddress } from './ports.ts';

/** Whoever did not help, or is not there, is asked again after this. */
const AGAIN_MS = 2_000;
/** A request of before, whose link broke unnoticed, is forgotten within this many attempts. */
const MAX_ASKED_ALREADY = 8;
const NONCE_BYTES = 16;

export interface PetitionerParts extends OfficePorts {
  readonly identity: NodeKeys;
  /** Of the office that the person chose, 4 bytes. */
  readonly tag: Buffer;
  /** The number that the person would like. */
  readonly extension: string | undefined;
  readonly network: OfficeNetwork;
  readonly interfaces: readonly string[];
  readonly addresses: SavedAddresses;
  /** Digits, or the office's name, have come. */
  readonly changed: () => void;
  readonly log: (line: string) => void;
}

/**
 * Asks a node of the chosen office to be let in, goes to the node whose person wants to compare, and is in once both people
 * said that the digits are the same.
 */
export class Petitioner {
  /** Resolves once the node is let in. Rejects with a CorridorError `join-refused` or `join-ended` that says why it is not. */
  readonly joined: Promise<Joined>;
  readonly #parts: PetitionerParts;
  readonly #finder: Finder;
  /** Nodes of the office; the one that was asked longest ago is asked next. */
  readonly #places = new Map<string, SocketAddress>();
  #settle!: { readonly resolve: (joined: Joined) => void; readonly reject: (error: CorridorError) => void };
  #cancel: (() => void) | undefined;
  #link: ControlLink | undefined;
  #isConnecting = false;
  #asker: Asker | undefined;
  #digits: string | undefined;
  #isAgreed = false;
  #officeName: string | undefined;
  #askedAlready = 0;
  #isOver = false;

  constructor(parts: PetitionerParts) {
    const { network, interfaces, tag, changed } = parts;
    this.#parts = parts;
    this.joined = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever gave up on it has told the person already.
    this.joined.catch(() => undefined);
    this.#finder = network.finder(
      { interfaces },
      {
        found: ({ addresses, controlPort, officeTag, officeName }) => {
          if (officeTag !== tag.toString('hex')) return;
          for (const address of addresses) this.#know({ address, port: controlPort });
          if (officeName !== undefined && officeName !== this.#officeName) {
            this.#officeName = officeName;
            changed();
          }
          this.#askNext();
        },
      },
    );
  }

  get officeName(): string | undefined {
    return this.#officeName;
  }

  /** What the other screen should show. */
  get digits(): string | undefined {
    return this.#digits;
  }

  get isAgreed(): boolean {
    return this.#isAgreed;
  }

  start(): void {
    this.#finder.start();
    this.#tick();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#cancel?.();
    this.#link?.close();
    await this.#finder.stop();
  }

  /**
   * The person says whether the other screen shows the same digits.
   * @throws CorridorError `not-compared` where there are none (any more)
   */
  answer(isSame: boolean): void {
    if (this.#digits === undefined || !this.#asker || !this.#link) throw notCompared();
    if (!isSame) return this.#giveUp('join-ended', endedText('other-digits'));
    const frame = this.#asker.agree(this.#parts.clock.monotonic());
    if (!frame) throw notCompared();
    this.#isAgreed = true;
    this.#link.send(frame);
    this.#parts.changed();
  }

  #tick(): void {
    if (this.#isOver) return;
    const { addresses, clock, schedule } = this.#parts;
    if (this.#asker) this.#follow(this.#asker.tick(clock.monotonic()));
    for (const given of addresses.given) void this.#lookUp(given);
    this.#askNext();
    this.#cancel = schedule(() => this.#tick(), AGAIN_MS);
  }

  async #lookUp({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
    const address = await this.#parts.network.lookUp(host).catch(() => undefined);
    if (address !== undefined) this.#know({ address, port });
  }

  #know(at: SocketAddress): void {
    const key = `${at.address} ${at.port}`;
    if (!this.#places.has(key)) this.#places.set(key, at);
  }

  #askNext(): void {
    const [next] = this.#places;
    if (this.#isOver || this.#link || this.#isConnecting || !next) return;
    const [key, at] = next;
    this.#places.delete(key);
    this.#places.set(key, at);
    const { identity, tag } = this.#parts;
    void this.#connect(at, (link) =>
      link.send({ type: 'ask', tag: toBase64url(tag), card: signCard(identity) }),
    );
  }

  async #connect(at: SocketAddress, speak: (link: ControlLink) => void): Promise<void> {
    const { network, identity, log } = this.#parts;
    const { certificatePem, privateKeyPem } = identity;
    this.#isConnecting = true;
    try {
      const credentials = { certificatePem, privateKeyPem };
      const link = await network.connectAsOutsider({ credentials, ...at, log });
      if (this.#isOver) link.close();
      else {
        this.#listen(link);
        speak(link);
      }
    } catch {
      // Nobody is there now: another node, or this one later.
    } finally {
      this.#isConnecting = false;
    }
  }

  #listen(link: ControlLink): void {
    this.#link = link;
    link.listen({
      onMessage: (message) => {
        if (link === this.#link && !this.#isOver) this.#take(link, message);
      },
      onFragments: () => link.close(),
      onClose: () => {
        if (link !== this.#link) return;
        this.#link = undefined;
        if (this.#asker) this.#giveUp('join-ended', endedText('lost'));
      },
    });
  }

  #take(link: ControlLink, message: ControlMessage): void {
    if (this.#asker) {
      if (isOfComparison(message)) this.#follow(this.#asker.take(message, this.#parts.clock.monotonic()));
      else link.close();
    } else if (message.type === 'go') this.#goTo(link, message.place);
    else if (message.type === 'refused')
      this.#refused({ kind: 'refused', why: message.why, addresses: message.addresses });
    else link.close();
  }

  /** Somebody's person wants to compare: there, or at the other end of this link. */
  #goTo(link: ControlLink, place: Place | undefined): void {
    if (!place) return this.#begin(link);
    this.#link = undefined;
    link.close();
    void this.#connect(place, (direct) => this.#begin(direct));
  }

  #begin(link: ControlLink): void {
    const { identity, tag, extension, random, clock } = this.#parts;
    const asking = { tag, card: signCard(identity), nonce: random.bytes(NONCE_BYTES), extension };
    const direct = { exported: link.exported(JOIN_EXPORTER_LABEL), peerKey: link.peerKey };
    this.#asker = new Asker(asking, direct, clock.monotonic());
    link.send(this.#asker.first);
  }

  #follow(step: NewcomerStep): void {
    if (this.#isOver || step.kind === 'wait') return;
    if (step.kind === 'send') {
      this.#digits = step.digits;
      this.#link?.send(step.frame);
      this.#parts.changed();
    } else if (step.kind === 'joined') {
      this.#isOver = true;
      this.#settle.resolve(step.joined);
    } else if (step.kind === 'refused') this.#giveUp('join-refused', refusedText(step.why));
    else this.#giveUp('join-ended', endedText(step.why));
  }

  /** Nobody compares: others are asked where that is worth it. */
  #refused({ why, addresses }: Extract<NewcomerStep, { kind: 'refused' }>): void {
    for (const at of addresses) this.#know(at);
    if (why === 'asked-already') this.#askedAlready += 1;
    const isOver =
      why === 'asked-already' ? this.#askedAlready >= MAX_ASKED_ALREADY : !isWorthAskingOthers(why);
    // An address that a person gave may be another office's.
    if (isOver && why !== 'other-office') return this.#giveUp('join-refused', refusedText(why));
    const link = this.#link;
    this.#link = undefined;
    link?.close();
  }

  #giveUp(code: string, { sentence, phrase }: LocalizedText): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#link?.close();
    this.#settle.reject(new CorridorError(code, sentence, { phrase }));
  }
}

function isOfComparison(message: ControlMessage): message is Extract<JoiningFrame, ControlMessage> {
  return message.type === 'nonce' || message.type === 'welcome' || message.type === 'refused';
}
