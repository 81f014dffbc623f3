import type { LocalizedText } from '../../i18n/index.ts';
import type { SavedAddresses } from '../discovery/index.ts';
import {
  Asker,
  endedText,
  isWorthAskingOthers,
  JOIN_EXPORTER_LABEL,
  notCompared,
  officeTagOf,
  refusedText,
  signCard,
  WelcomeReader,
  type Joined,
  type JoiningFrame,
  type NewcomerStep,
  type NodeKeys,
  type Place,
} from '../identity/index.ts';
import { toBase64url, type NodeId } from '../model/index.ts';
import type { ControlLink, ControlMessage } from '../signalling/index.ts';
import { JoinOutcome } from './join-outcome.ts';
import { OfficeSearch, type PlaceAnswer } from './office-search.ts';
import type { OfficeSeen } from './offices-seen.ts';
import type { OfficeNetwork, OfficePorts, SocketAddress } from './ports.ts';

/** How often the comparison's time limits are checked, ms. */
const TICK_MS = 2_000;
/** A node may still know an earlier request whose link broke unnoticed. Until it forgets that, its refusals count as this part of one. */
const ASKED_ALREADY_WEIGHT = 1 / 4;
const NONCE_BYTES = 16;

interface JoinByAskingParts extends OfficePorts {
  readonly identity: NodeKeys;
  /** The tag of the office that the person chose, 4 bytes. */
  readonly tag: Buffer;
  /** What was seen of it where the person chose it. Left out: nothing. */
  readonly seen?: OfficeSeen | undefined;
  /** The extension that the person would like. */
  readonly extension: string | undefined;
  readonly network: OfficeNetwork;
  readonly interfaces: readonly string[];
  readonly addresses: SavedAddresses;
  /** The digits or the office's name have changed. */
  readonly changed: () => void;
  /** Shows why a node did not let this one in, while others are asked; undefined: nothing is wrong. */
  readonly show: (why: LocalizedText | undefined) => void;
  readonly log: (line: string) => void;
}

/** The conversation with one place, until its outcome. */
interface Conversation {
  link: ControlLink;
  /** It is moving from one node to another: frames are ignored meanwhile. */
  isMoving: boolean;
  at: SocketAddress;
  asker: Asker | undefined;
  digits: string | undefined;
  isAgreed: boolean;
  /** Reads the second welcome of a node that the person compared with before; the first one was lost. */
  reader: WelcomeReader | undefined;
  readonly resolve: (answer: PlaceAnswer) => void;
}

/**
 * Asks nodes of the chosen office to be let in, one after the other. It moves to the node whose person wants to compare, and is in once
 * both people have confirmed the digits.
 */
export class JoinByAsking {
  readonly #parts: JoinByAskingParts;
  readonly #outcome: JoinOutcome;
  readonly #search: OfficeSearch;
  #conversation: Conversation | undefined;
  #officeName: string | undefined;
  /** The node whose digits the person confirmed: its welcome is believed. */
  #agreedWith: NodeId | undefined;
  #cancel: (() => void) | undefined;

  constructor(parts: JoinByAskingParts) {
    const { network, interfaces, addresses, schedule, tag, seen, show } = parts;
    this.#parts = parts;
    this.#officeName = seen?.name;
    this.#outcome = new JoinOutcome(show);
    this.#search = new OfficeSearch({
      ...{ network, interfaces, addresses, schedule, outcome: this.#outcome, talks: 1 },
      tag: tag.toString('hex'),
      named: (name) => this.#named(name),
      dial: (at) => this.#dial(at),
      talk: (link, at) => this.#ask(link, at),
    });
  }

  /** As `JoinOutcome.joined`. */
  get joined(): Promise<Joined> {
    return this.#outcome.joined;
  }

  get officeName(): string | undefined {
    return this.#officeName;
  }

  /** The digits that the other screen should show; undefined: there are none now. */
  get digits(): string | undefined {
    return this.#conversation?.digits;
  }

  get isAgreed(): boolean {
    return this.#conversation?.isAgreed ?? false;
  }

  start(): void {
    this.#search.start();
    for (const at of this.#parts.seen?.places ?? []) this.#search.know(at);
    this.#tick();
  }

  async stop(): Promise<void> {
    this.#outcome.stop();
    this.#cancel?.();
    this.#end({ kind: 'nothing' });
    await this.#search.stop();
  }

  /**
   * Takes the person's answer whether the other screen shows the same digits.
   * @throws CorridorError `not-compared` where there are none (any more)
   */
  answer(isSame: boolean): void {
    const conversation = this.#conversation;
    if (!conversation?.asker || conversation.digits === undefined) throw notCompared();
    if (!isSame) {
      this.#outcome.fail(endedText('other-digits'));
      return this.#end({ kind: 'nothing' });
    }
    const frame = conversation.asker.agree(this.#parts.clock.monotonic());
    if (!frame) throw notCompared();
    conversation.isAgreed = true;
    this.#agreedWith = conversation.link.peer;
    conversation.link.send(frame);
    this.#parts.changed();
  }

  #named(name: string): void {
    if (name === this.#officeName) return;
    this.#officeName = name;
    this.#parts.changed();
  }

  #tick(): void {
    if (this.#outcome.isOver) return;
    const { clock, schedule } = this.#parts;
    const { asker } = this.#conversation ?? {};
    if (asker) this.#act(asker.tick(clock.monotonic()));
    this.#cancel = schedule(() => this.#tick(), TICK_MS);
  }

  #dial(at: SocketAddress): Promise<ControlLink> {
    const { network, identity, log } = this.#parts;
    const { certificatePem, privateKeyPem } = identity;
    return network.connectAsOutsider({ credentials: { certificatePem, privateKeyPem }, ...at, log });
  }

  #ask(link: ControlLink, at: SocketAddress): Promise<PlaceAnswer> {
    const { identity, tag } = this.#parts;
    return new Promise((resolve) => {
      const common = {
        isMoving: false,
        asker: undefined,
        digits: undefined,
        isAgreed: false,
        reader: undefined,
      };
      this.#conversation = { ...common, link, at, resolve };
      this.#listen(this.#conversation);
      link.send({ type: 'ask', tag: toBase64url(tag), card: signCard(identity) });
    });
  }

  #listen(conversation: Conversation): void {
    const { link } = conversation;
    const isCurrent = (): boolean =>
      this.#conversation === conversation && conversation.link === link && !conversation.isMoving;
    link.listen({
      onMessage: (message) => {
        if (isCurrent()) this.#take(conversation, message);
      },
      onFragments: () => link.close(),
      onClose: () => {
        if (isCurrent()) this.#lost(conversation);
      },
    });
  }

  #lost({ asker, isAgreed, at }: Conversation): void {
    // The person confirmed, so the other side may have let this node in: its lost welcome is asked for there first.
    if (isAgreed) this.#search.askFirst(at);
    const isOver = asker !== undefined && !isAgreed;
    this.#end(isOver ? { kind: 'refused', why: endedText('lost'), weight: 1 } : { kind: 'nothing' });
  }

  #take(conversation: Conversation, message: ControlMessage): void {
    const { link, asker } = conversation;
    if (asker) {
      if (isOfComparison(message)) this.#act(asker.take(message, this.#parts.clock.monotonic()));
      else link.close();
    } else if (message.type === 'go') this.#goTo(conversation, message.place);
    else if (message.type === 'refused')
      this.#act({ kind: 'refused', why: message.why, addresses: message.addresses });
    else if (message.type === 'welcome') this.#welcomedAgain(conversation, message);
    else link.close();
  }

  /** Handles a welcome from a node that knows this one as a member already. It is believed only after people compared digits with it. */
  #welcomedAgain(conversation: Conversation, message: Extract<ControlMessage, { type: 'welcome' }>): void {
    const { identity, tag } = this.#parts;
    const { peer } = conversation.link;
    if (this.#agreedWith === undefined) {
      return this.#end({ kind: 'refused', why: endedText('in-already'), weight: 1 });
    }
    if (peer !== this.#agreedWith) return this.#end({ kind: 'nothing' });
    conversation.reader ??= new WelcomeReader({
      isOffice: (office) => officeTagOf(office).equals(tag),
      ...{ self: identity.nodeId, peer },
    });
    this.#act(conversation.reader.take(message));
  }

  /** Moves to the node whose person wants to compare; undefined: it is the one at the other end of this link. */
  #goTo(conversation: Conversation, place: Place | undefined): void {
    if (!place) return this.#begin(conversation);
    conversation.isMoving = true;
    conversation.link.close();
    this.#dial(place).then(
      (direct) => {
        if (this.#conversation !== conversation || this.#outcome.isOver) return direct.close();
        Object.assign(conversation, { link: direct, at: place, isMoving: false });
        this.#listen(conversation);
        this.#begin(conversation);
      },
      () => {
        if (this.#conversation === conversation) this.#end({ kind: 'nothing' });
      },
    );
  }

  #begin(conversation: Conversation): void {
    const { identity, tag, extension, random, clock } = this.#parts;
    const { link } = conversation;
    const asking = { tag, card: signCard(identity), nonce: random.bytes(NONCE_BYTES), extension };
    const direct = { exported: link.exported(JOIN_EXPORTER_LABEL), peerKey: link.peerKey };
    conversation.asker = new Asker(asking, direct, clock.monotonic());
    link.send(conversation.asker.first);
  }

  #act(step: NewcomerStep): void {
    const conversation = this.#conversation;
    if (!conversation || step.kind === 'wait') return;
    if (step.kind === 'send') {
      conversation.digits = step.digits;
      conversation.link.send(step.frame);
      this.#outcome.show(undefined);
      return this.#parts.changed();
    }
    if (step.kind === 'joined') {
      this.#outcome.succeed(step.joined);
      this.#end({ kind: 'nothing' });
    } else if (step.kind === 'refused') {
      for (const at of step.addresses) this.#search.know(at);
      this.#end({ kind: 'refused', why: refusedText(step.why), weight: weightOf(step.why) });
    } else this.#end({ kind: 'refused', why: endedText(step.why), weight: 1 });
  }

  /** Ends the conversation with this place; the next one is asked. */
  #end(answer: PlaceAnswer): void {
    const conversation = this.#conversation;
    if (!conversation) return;
    this.#conversation = undefined;
    conversation.link.close();
    conversation.resolve(answer);
    if (conversation.asker) this.#parts.changed();
  }
}

function weightOf(why: Extract<NewcomerStep, { kind: 'refused' }>['why']): number {
  if (why === 'asked-already') return ASKED_ALREADY_WEIGHT;
  // An address that a person gave may belong to another office.
  return isWorthAskingOthers(why) || why === 'other-office' ? 0 : 1;
}

function isOfComparison(message: ControlMessage): message is Extract<JoiningFrame, ControlMessage> {
  return message.type === 'nonce' || message.type === 'welcome' || message.type === 'refused';
}
