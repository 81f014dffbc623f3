import {
  endedText,
  isWorthAskingOthers,
  officeTagOf,
  Redeemer,
  refusedText,
  signCard,
  type Joined,
  type JoinLink,
  type NodeKeys,
  type NewcomerStep,
} from '../identity/index.ts';
import type { SavedAddresses } from '../discovery/index.ts';
import type { Clock, Schedule } from '../model/index.ts';
import type { LocalizedText } from '../../i18n/index.ts';
import type { ControlLink, ControlMessage } from '../signalling/index.ts';
import { JoinOutcome } from './join-outcome.ts';
import { AGAIN_MS, OfficeSearch, type PlaceAnswer } from './office-search.ts';
import type { OfficeNetwork } from './ports.ts';

/** The number of nodes that are asked at once. */
const TALKS = 64;

interface JoinByLinkParts {
  readonly identity: NodeKeys;
  readonly link: JoinLink;
  /** The extension that the person would like. */
  readonly extension: string | undefined;
  readonly network: OfficeNetwork;
  readonly interfaces: readonly string[];
  readonly addresses: SavedAddresses;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Shows why a node did not let this one in, while others are asked; undefined: nothing is wrong. */
  readonly show: (why: LocalizedText | undefined) => void;
  readonly log: (line: string) => void;
}

/**
 * Joins by a join link: looks for nodes of the office and asks them, until one lets this node in or all refuse. While no node answers
 * it goes on, since all computers of the office may be off.
 */
export class JoinByLink {
  readonly #parts: JoinByLinkParts;
  readonly #outcome: JoinOutcome;
  readonly #search: OfficeSearch;

  constructor(parts: JoinByLinkParts) {
    const { network, interfaces, addresses, schedule, link, identity, log, show } = parts;
    const { certificatePem, privateKeyPem } = identity;
    const credentials = { certificatePem, privateKeyPem, office: link.office };
    this.#parts = parts;
    this.#outcome = new JoinOutcome(show);
    this.#search = new OfficeSearch({
      ...{ network, interfaces, addresses, schedule, outcome: this.#outcome, talks: TALKS },
      tag: officeTagOf(link.office).toString('hex'),
      dial: (at) => network.connect({ credentials, ...at, expected: 'any-member', log }),
      talk: (control) => this.#redeem(control),
    });
  }

  /** As `JoinOutcome.joined`. */
  get joined(): Promise<Joined> {
    return this.#outcome.joined;
  }

  start(): void {
    this.#search.start();
  }

  async stop(): Promise<void> {
    this.#outcome.stop();
    await this.#search.stop();
  }

  #redeem(control: ControlLink): Promise<PlaceAnswer> {
    const { identity, link, extension, clock, schedule } = this.#parts;
    const redeemer = new Redeemer(
      link,
      signCard(identity),
      { self: identity.nodeId, peer: control.peer, ...(extension === undefined ? {} : { extension }) },
      clock.monotonic(),
    );
    return new Promise((resolve) => {
      const act = (step: NewcomerStep): void => {
        if (step.kind === 'wait') return;
        cancel();
        resolve(this.#answerOf(step));
      };
      const tick = (): (() => void) =>
        schedule(() => {
          cancel = tick();
          act(redeemer.tick(clock.monotonic()));
        }, AGAIN_MS);
      let cancel = tick();
      control.listen({
        onMessage: (message) => {
          if (isOfJoining(message)) act(redeemer.take(message, clock.monotonic()));
        },
        onFragments: () => undefined,
        onClose: () => {
          cancel();
          resolve({ kind: 'nothing' });
        },
      });
      control.send(redeemer.first);
    });
  }

  #answerOf(step: NewcomerStep): PlaceAnswer {
    if (step.kind === 'joined') this.#outcome.succeed(step.joined);
    else if (step.kind === 'refused') {
      for (const at of step.addresses) this.#search.know(at);
      return { kind: 'refused', why: refusedText(step.why), weight: isWorthAskingOthers(step.why) ? 0 : 1 };
    } else if (step.kind === 'ended' && step.why !== 'too-late') {
      return { kind: 'refused', why: endedText(step.why), weight: 1 };
    }
    return { kind: 'nothing' };
  }
}

function isOfJoining(
  message: ControlMessage,
): message is Extract<ControlMessage, { type: 'welcome' | 'refused' }> {
  return message.type === 'welcome' || message.type === 'refused';
}
