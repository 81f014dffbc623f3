import { signReceipt, verifyReceipt, type Identity } from '../identity/index.ts';
import {
  fromBase64url,
  MAX_GRANTS,
  type Clock,
  type Fragment,
  type FragmentHashes,
  type Header,
  type Manifest,
  type MessageId,
  type NodeId,
  type Receipt,
  type ReceiptState,
  type Signed,
} from '../model/index.ts';
import type {
  BeginOptions,
  Completion,
  KeptMessages,
  Local,
  MessageStore,
  NumberClaim,
  Statement,
  StoredMessage,
} from '../store/index.ts';
import type { KeptOfTalkers } from './kept-of-talkers.ts';
import type { PeerLink } from './ports.ts';

const STATES: readonly ReceiptState[] = ['stored', 'received', 'heard'];

/** Reads what is kept, and changes nothing. */
export type MessageReader = KeptMessages &
  Pick<MessageStore, 'hashes' | 'missing' | 'on' | 'read' | 'stream' | 'vouched' | 'wasDeleted'>;

/** How a message came to be heard. */
export interface HowHeard {
  /** It has words and no voice, and a voice of this computer spoke them. */
  readonly isSpoken?: boolean;
}

interface ArchiveParts {
  readonly identity: Identity;
  readonly store: MessageStore;
  readonly clock: Clock;
  readonly kept: KeptOfTalkers;
}

/**
 * The one door to the store: every header, fragment, manifest and receipt that this node keeps enters here, whether it
 * was spoken here, came over UDP, or was fetched.
 */
export class Archive {
  readonly read: MessageReader;
  readonly #parts: ArchiveParts;
  /** While `append` runs: where its fragments came from, and which ones the store refused. */
  #taking: { readonly from: PeerLink | undefined; readonly refused: Set<number> } | undefined;

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
    this.read = parts.store;
    parts.store.on('refused', ({ numbers }) => {
      for (const n of numbers) this.#taking?.refused.add(n);
    });
  }

  /**
   * Begins a message, or returns the one that was begun. As `Intake.begin`.
   * @throws CorridorError as `MessageStore.begin`
   */
  begin(
    { signed, facts }: Statement<Header>,
    roles: { readonly mine?: 'talker' | 'recipient'; readonly keeps: boolean },
    options?: BeginOptions,
  ): StoredMessage {
    return this.#parts.store.begin(signed, facts, roles, options);
  }

  /** Keeps the sheet or the words of a message whose header came without them. Returns the header with those that it names and lacked. */
  setBeside(id: MessageId, came: Signed): Statement<Header> | undefined {
    return this.#parts.store.setBeside(id, came);
  }

  /**
   * Keeps fragments, except of a message that is not kept here. Returns all but those that differ from the talker's signed hashes.
   * Undefined: the talker's messages use all the room that one talker has here, so nothing was kept.
   * @param from the link that they came over; left out: the sender is unknown
   */
  append(id: MessageId, fragments: readonly Fragment[], from?: PeerLink): readonly Fragment[] | undefined {
    const { store, kept } = this.#parts;
    if (!store.get(id)) return fragments;
    const bytes = fragments.reduce((sum, one) => sum + one.bytes.length, 0);
    if (!kept.take(id, bytes)) return undefined;
    const refused = new Set<number>();
    this.#taking = { from, refused };
    store.append(id, fragments);
    this.#taking = undefined;
    return refused.size === 0 ? fragments : fragments.filter(({ n }) => !refused.has(n));
  }

  /** While `append` runs: the link over which its fragments came. */
  get source(): PeerLink | undefined {
    return this.#taking?.from;
  }

  /** Whether a signed statement on these fragments would be new here, provided that the talker signed it. */
  lacksHashes(facts: FragmentHashes): boolean {
    return this.#parts.store.lacksHashes(facts);
  }

  /** Keeps the talker's signed hashes. False: they are known already, or the talker's messages use all the room that one talker has. */
  vouch({ signed, facts }: Statement<FragmentHashes>): boolean {
    const { store, kept } = this.#parts;
    if (!store.lacksHashes(facts) || !kept.take(facts.id, signed.payload.length)) return false;
    return store.setHashes(signed, facts);
  }

  /**
   * Keeps the manifest. Nobody can read that of an own message here before it is on the disk, or refused by it.
   * @param kept called once it can be read
   * @throws CorridorError as `MessageStore.setManifest`
   */
  end({ signed, facts }: Statement<Manifest>, kept?: () => void): Promise<Completion> {
    return this.#parts.store.setManifest(facts.id, signed, facts, kept);
  }

  /** Tries whether the disk takes something of this message now. */
  async canWrite(id: MessageId): Promise<boolean> {
    const { store } = this.#parts;
    if (store.get(id)) store.setLocal(id, {});
    return store.retry();
  }

  /** Signs how far the message came on this node, or that it is lost; undefined where that is known already. */
  sign(id: MessageId, state: ReceiptState): Statement<Receipt> | undefined {
    const receipt = this.#news(id, state);
    return receipt && this.#take(receipt);
  }

  /** Signs that this node's person heard the message. As `sign`, but nobody can read it here before it is on the disk, or refused by it. */
  async signHeard(id: MessageId, { isSpoken = false }: HowHeard): Promise<Statement<Receipt> | undefined> {
    const isPart = !this.#isAllHere(id);
    const receipt = this.#news(id, 'heard', { ...(isSpoken && { isSpoken }), ...(isPart && { isPart }) });
    if (!receipt) return undefined;
    return (await this.#parts.store.saveReceipt(receipt.signed, receipt.facts)) ? receipt : undefined;
  }

  /** Whether all of it is here. What is not on the disk yet is there with the next receipt that is brought there. */
  #isAllHere(id: MessageId): boolean {
    const { store } = this.#parts;
    const message = store.get(id);
    if (!message) return false;
    if (message.state === 'complete') return true;
    return message.manifest !== undefined && store.missing(id).length === 0;
  }

  /** Signs that this node, which has all of the message, handed it on to that person. */
  signHandedOn(id: MessageId, handedTo: NodeId): Statement<Receipt> | undefined {
    return this.#take(this.#say(id, this.#wordOn(id), { state: 'received', handedTo }));
  }

  #news(
    id: MessageId,
    state: ReceiptState,
    how: Pick<Receipt, 'isSpoken' | 'isPart'> = {},
  ): Statement<Receipt> | undefined {
    const word = this.#wordOn(id);
    if (state === 'lost' && (!word || word.state === 'lost')) return undefined;
    // Once it has all of a message of which it heard a part, that is news.
    const isRest = word?.isPart === true && state !== 'heard';
    if (word?.store === this.#parts.store.id && includes(word.state, state) && !isRest) return undefined;
    return this.#say(id, word, { state, ...how });
  }

  /** This node's latest statement on whether it holds the message. */
  #wordOn(id: MessageId): Receipt | undefined {
    const { identity, store } = this.#parts;
    return store.get(id)?.holding.find(({ facts }) => facts.node === identity.nodeId)?.facts;
  }

  #say(
    id: MessageId,
    before: Receipt | undefined,
    said: Pick<Receipt, 'state' | 'handedTo' | 'isSpoken' | 'isPart'>,
  ): Statement<Receipt> {
    const { identity, store, clock } = this.#parts;
    // The count must rise even if the clock was set back.
    const n = Math.max(clock.now(), (before?.n ?? 0) + 1);
    const facts: Receipt = { v: 1, id, node: identity.nodeId, ...said, at: clock.now(), n, store: store.id };
    return { signed: signReceipt(identity, facts), facts };
  }

  #take(receipt: Statement<Receipt>): Statement<Receipt> | undefined {
    return this.#parts.store.setReceipt(receipt.signed, receipt.facts) ? receipt : undefined;
  }

  /** Whether this receipt would be new here, provided that it is genuine. */
  lacks(facts: Receipt): boolean {
    return this.#parts.store.lacksReceipt(facts);
  }

  /** Keeps which nodes have proven that they hold this node's own message, and in which store. */
  keepProofs(id: MessageId, proofs: NonNullable<Local['proofs']>): void {
    if (this.#parts.store.get(id)) this.#parts.store.setLocal(id, { proofs });
  }

  /** Notes that the message was sealed again for that person's present computers. */
  markPassedOn(id: MessageId, person: NodeId): void {
    const { store } = this.#parts;
    const message = store.get(id);
    if (message) store.setLocal(id, { passedOn: [...(message.local.passedOn ?? []), person] });
  }

  /** Notes that the message is to be handed on to that person. Undefined: it stays with this one. */
  markHandTo(id: MessageId, handTo: NodeId | undefined): void {
    const { store } = this.#parts;
    if (!store.get(id)) return;
    store.setLocal(id, { handTo });
  }

  /** Merges the retrieval numbers that another computer of this person has. Returns the numbers that the other one lacks. */
  mergeNumbers(claims: readonly NumberClaim[]): readonly NumberClaim[] {
    return this.#parts.store.mergeNumbers(claims);
  }

  /** The id of this node's store. */
  get storeId(): string {
    return this.#parts.store.id;
  }

  /** Keeps another node's receipt; undefined where it is forged, or known already. */
  accept(signed: Signed, signingKey: string): Statement<Receipt> | undefined {
    const receipt = this.verify(signed, signingKey);
    return receipt && this.#parts.store.setReceipt(signed, receipt.facts) ? receipt : undefined;
  }

  /** Verifies another node's receipt without keeping it. Undefined where it is forged. */
  verify(signed: Signed, signingKey: string): Statement<Receipt> | undefined {
    const facts = verifyReceipt(signed, fromBase64url(signingKey));
    return facts && { signed, facts };
  }

  /** Notes that this node's person heard it. False where that is known already, or it is not for them. */
  markHeard(id: MessageId): boolean {
    const { store, clock } = this.#parts;
    const message = store.get(id);
    if (message?.roles.mine !== 'recipient' || message.local.heard !== undefined) return false;
    store.setLocal(id, { heard: clock.now() });
    return true;
  }

  /** Notes that the person was notified of it. Undefined where nothing is left to notify of. */
  markNotified(id: MessageId): StoredMessage | undefined {
    const { store, clock } = this.#parts;
    const { heard, notifiedAt, deletedAt } = store.get(id)?.local ?? { heard: 0 };
    if (heard !== undefined || notifiedAt !== undefined || deletedAt !== undefined) return undefined;
    store.setLocal(id, { notifiedAt: clock.now() });
    return store.get(id);
  }

  /** Keeps a key of the message that was granted for that node; the oldest of many goes. */
  keepGrant(id: MessageId, node: NodeId, grant: Signed): void {
    const { store } = this.#parts;
    const before = store.get(id)?.local.grants ?? [];
    const grants = [...before.filter((one) => one.node !== node), { node, grant }].slice(-MAX_GRANTS);
    store.setLocal(id, { grants });
  }

  /** Notes that it was broken off with this many fragments held; undefined: it goes on. */
  markBrokenOff(id: MessageId, held: number | undefined): void {
    const { store, clock } = this.#parts;
    store.setLocal(id, { brokenOff: held === undefined ? undefined : { at: clock.now(), held } });
  }

  /** Notes whether this computer lacks a key for it. */
  markSealed(id: MessageId, sealed: boolean): void {
    this.#parts.store.setLocal(id, { sealed });
  }

  /** Keeps the waveform to draw: peaks of 0 to 255, a byte each. */
  keepPeaks(id: MessageId, peaks: Uint8Array): void {
    this.#parts.store.setLocal(id, { peaks: Buffer.from(peaks).toString('base64') });
  }

  /** Removes a message that could not be kept whole. */
  discard(id: MessageId): Promise<void> {
    return this.#parts.store.delete(id);
  }
}

/** Whether a node that gave the first receipt has said everything that the second one says. */
function includes(said: ReceiptState, state: ReceiptState): boolean {
  if (said === 'lost' || state === 'lost') return said === state;
  return STATES.indexOf(said) >= STATES.indexOf(state);
}
