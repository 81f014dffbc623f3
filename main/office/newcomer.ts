import {
  endedText,
  isWorthAskingOthers,
  officeTagOf,
  Redeemer,
  refusedText,
  signCard,
  type Joined,
  type JoinLink,
  type NewcomerStep,
  type NodeKeys,
} from '../identity/index.ts';
import type { SavedAddresses } from '../discovery/index.ts';
import { CorridorError, type Clock, type Schedule } from '../model/index.ts';
import type { LocalizedText } from '../../i18n/index.ts';
import type { ControlLink, ControlMessage } from '../signalling/index.ts';
import type { Finder, OfficeNetwork, SocketAddress } from './ports.ts';

/** An address that did not help is asked again after this. */
const AGAIN_MS = 2_000;

export interface NewcomerParts {
  readonly identity: NodeKeys;
  readonly link: JoinLink;
  /** The number that the person would like. */
  readonly extension: string | undefined;
  readonly network: OfficeNetwork;
  readonly interfaces: readonly string[];
  readonly addresses: SavedAddresses;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: (line: string) => void;
}

/**
 * Comes in by a join link: looks for nodes of the office, and asks one after the other until one lets this node in or says why
 * nobody will. Where nobody answers it goes on, since the office may be asleep.
 */
export class Newcomer {
  /** Resolves once the node is let in. Rejects with a CorridorError `join-refused` or `join-ended` that says why it is not. */
  readonly joined: Promise<Joined>;
  readonly #parts: NewcomerParts;
  readonly #finder: Finder;
  readonly #known = new Map<string, SocketAddress>();
  readonly #asking = new Set<string>();
  #settle!: { readonly resolve: (joined: Joined) => void; readonly reject: (error: CorridorError) => void };
  #cancel: (() => void) | undefined;
  #isOver = false;

  constructor(parts: NewcomerParts) {
    const { network, interfaces, link } = parts;
    this.#parts = parts;
    this.joined = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever gave up on it has told the person already.
    this.joined.catch(() => undefined);
    const tag = officeTagOf(link.office).toString('hex');
    this.#finder = network.finder(
      { interfaces },
      {
        found: ({ addresses, controlPort, officeTag: theirs }) => {
          if (theirs !== tag) return;
          for (const address of addresses) this.#ask({ address, port: controlPort });
        },
      },
    );
  }

  start(): void {
    this.#finder.start();
    this.#askAll();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#cancel?.();
    await this.#finder.stop();
  }

  #askAll(): void {
    if (this.#isOver) return;
    for (const at of this.#known.values()) this.#ask(at);
    for (const given of this.#parts.addresses.given) void this.#askGiven(given);
    this.#cancel = this.#parts.schedule(() => this.#askAll(), AGAIN_MS);
  }

  async #askGiven({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
    const address = await this.#parts.network.lookUp(host).catch(() => undefined);
    if (address !== undefined) this.#ask({ address, port });
  }

  #ask(at: SocketAddress): void {
    const place = `${at.address} ${at.port}`;
    this.#known.set(place, at);
    if (this.#isOver || this.#asking.has(place)) return;
    this.#asking.add(place);
    void this.#redeemAt(at).finally(() => this.#asking.delete(place));
  }

  async #redeemAt(at: SocketAddress): Promise<void> {
    const { identity, link, network, log } = this.#parts;
    const { certificatePem, privateKeyPem } = identity;
    const credentials = { certificatePem, privateKeyPem, office: link.office };
    let control: ControlLink;
    try {
      control = await network.connect({ credentials, ...at, expected: 'any-member', log });
    } catch (error) {
      // Another office's node, or nobody's.
      if (error instanceof CorridorError && error.code === 'wrong-office')
        this.#known.delete(`${at.address} ${at.port}`);
      return;
    }
    if (this.#isOver) {
      control.close();
      return;
    }
    await this.#redeem(control);
    control.close();
  }

  /** Resolves when nothing more comes of this link. */
  #redeem(control: ControlLink): Promise<void> {
    const { identity, link, extension, clock, schedule } = this.#parts;
    const redeemer = new Redeemer(
      link,
      signCard(identity),
      { self: identity.nodeId, peer: control.peer, ...(extension === undefined ? {} : { extension }) },
      clock.monotonic(),
    );
    return new Promise((resolve) => {
      const follow = (step: NewcomerStep): void => {
        if (step.kind === 'wait') return;
        cancel();
        this.#follow(step);
        resolve();
      };
      const tick = (): (() => void) =>
        schedule(() => {
          follow(redeemer.tick(clock.monotonic()));
          cancel = tick();
        }, AGAIN_MS);
      let cancel = tick();
      control.listen({
        onMessage: (message) => {
          if (isOfJoining(message)) follow(redeemer.take(message, clock.monotonic()));
        },
        onFragments: () => undefined,
        onClose: () => {
          cancel();
          resolve();
        },
      });
      control.send(redeemer.first);
    });
  }

  #follow(step: NewcomerStep): void {
    if (this.#isOver) return;
    if (step.kind === 'joined') {
      this.#isOver = true;
      this.#settle.resolve(step.joined);
    } else if (step.kind === 'refused') {
      for (const at of step.addresses) this.#ask(at);
      if (!isWorthAskingOthers(step.why)) this.#giveUp('join-refused', refusedText(step.why));
    } else if (step.kind === 'ended' && step.why !== 'too-late') {
      this.#giveUp('join-ended', endedText(step.why));
    }
  }

  #giveUp(code: string, { sentence, phrase }: LocalizedText): void {
    this.#isOver = true;
    this.#settle.reject(new CorridorError(code, sentence, { phrase }));
  }
}

function isOfJoining(
  message: ControlMessage,
): message is Extract<ControlMessage, { type: 'welcome' | 'refused' }> {
  return message.type === 'welcome' || message.type === 'refused';
}
