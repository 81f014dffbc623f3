import type { FragmentHash } from '../identity/index.ts';
import {
  prepareWrap,
  sealMessageKey,
  sealWords,
  signFragmentHashes,
  signHeader,
  signManifest,
  signSheetedHeader,
  wrapMessageKey,
  type Identity,
  type PreparedWrap,
} from '../identity/index.ts';
import type { MessageKey } from '../media/index.ts';
import {
  chosenAmong,
  FRAME_MS,
  fromBase64url,
  hashOfWords,
  MASTER_KEY_BYTES,
  MASTER_SALT_BYTES,
  newMessageId,
  readersIn,
  toBase64url,
  type Clock,
  type FragmentHashes,
  type GroupNamed,
  type Header,
  type Manifest,
  type Page,
  type MessageId,
  type NodeId,
  type KnownNode,
  type NodeRecord,
  type Random,
  type WrappedKey,
  type StandIn,
  type HeaderWords,
} from '../model/index.ts';
import type { Statement } from '../store/index.ts';
import { needsHashes, type HashedFragments } from './own-hashes.ts';
import type { SenderKeys } from './sender-keys.ts';

/** A key wrap is kept ready for this many colleagues: each takes 2 ms of work and a few hundred bytes. */
const MAX_PREPARED = 50;
const SSRC_BYTES = 4;
/**
 * A header names the diverted persons of this many stand-ins at most: it has to fit a datagram, and few people are diverted at
 * one time.
 */
const SENT_DIVERTED = 8;

interface ComposerParts {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly random: Random;
  /** Left out: every header has a key for each recipient. */
  readonly senderKeys?: SenderKeys;
}

/** A message that has begun: its id, its RTP stream and its key, known before anything is signed. */
export interface Draft {
  readonly id: MessageId;
  readonly ssrc: number;
  readonly key: MessageKey;
  /** Key down, ms since the epoch. */
  readonly startedAt: number;
}

/** Words that a person typed. */
export interface TypedWords extends Omit<HeaderWords, 'hash'> {
  readonly text: string;
}

/** Who the message is for, and by which numbers. */
export interface Addressing {
  readonly recipients: readonly KnownNode[];
  /** All whom it is meant for, where not all of them get it: a page is for those who are online. Left out: the recipients. */
  readonly meant?: readonly KnownNode[] | undefined;
  /** The talker's own extension. */
  readonly from: string;
  /** The extension that was dialled. */
  readonly to: string;
  /** The name of the person who spoke it, where the sender forwards a message. */
  readonly forwardedFrom?: string;
  /** The group that was dialled. */
  readonly group?: GroupNamed;
  /** It is for the recipients' mailboxes, and does not sound by itself. */
  readonly isQuiet?: true;
  /** It is a page. */
  readonly page?: Page;
  /** It also sounds at recipients who chose do not disturb. */
  readonly isOverride?: true;
  /** The message that this one replaces: it was sealed for a computer that was removed since. */
  readonly again?: MessageId;
  /** The recipients who stand in for somebody who is diverted. */
  readonly diverted?: readonly StandIn[] | undefined;
  /** The message that this node hands on for its person, who is diverted. */
  readonly handsOn?: MessageId;
  /** It is for the recipients themselves, even where they are diverted. */
  readonly isDirect?: true;
  /** Its fragments go once to the office's multicast group. */
  readonly isMulticast?: true;
  /** The words that are spoken, or that stand for a voice. */
  readonly words?: TypedWords | undefined;
}

/** The one place where a message of this node gets its key, its header, the hashes of its fragments and its manifest. */
export class Composer {
  readonly #identity: Identity;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #senderKeys: SenderKeys | undefined;
  readonly #prepared = new Map<NodeId, PreparedWrap>();

  constructor({ identity, clock, random, senderKeys }: ComposerParts) {
    this.#identity = identity;
    this.#clock = clock;
    this.#random = random;
    this.#senderKeys = senderKeys;
  }

  /** A new message with a key made for it alone. Takes no time: key down waits for it. */
  draft(startedAt = this.#clock.now()): Draft {
    return {
      id: newMessageId(this.#random),
      ssrc: this.#random.bytes(SSRC_BYTES).readUInt32BE(0),
      key: {
        masterKey: this.#random.bytes(MASTER_KEY_BYTES),
        masterSalt: this.#random.bytes(MASTER_SALT_BYTES),
      },
      startedAt,
    };
  }

  /** Wraps the key for the recipients and for this node, and signs the header. @throws where a recipient's key is not valid */
  async header({ id, ssrc, key, startedAt }: Draft, addressing: Addressing): Promise<Statement<Header>> {
    const { recipients, from, to, forwardedFrom, again, isQuiet, isOverride, group, page } = addressing;
    const { diverted, isDirect, handsOn, isMulticast } = addressing;
    const talker = this.#identity.nodeId;
    const words = addressing.words && sealedWords(addressing.words, { masterKey: key.masterKey, id, talker });
    const key28 = Buffer.concat([key.masterKey, key.masterSalt]);
    const about = {
      v: 1,
      ...{ id, talker, from, to, ssrc, startedAt },
      ...(forwardedFrom === undefined ? {} : { forwardedFrom }),
      ...(again === undefined ? {} : { again }),
      ...(group && { group }),
      ...(isQuiet && { isQuiet }),
      ...(page && { page }),
      ...(isOverride && { isOverride }),
      ...(diverted?.length ? { diverted: diverted.slice(0, SENT_DIVERTED) } : {}),
      ...(isDirect && { isDirect }),
      ...(isMulticast && { isMulticast }),
      ...(handsOn === undefined ? {} : { handsOn }),
      ...(needsHashes(recipients) ? { hashed: true } : {}),
      ...(words && { words: words.said }),
    } as const;
    const shared = await this.#senderKeys?.for(recipients, addressing.meant);
    if (shared) {
      const { hash, sheet } = shared;
      const sealed = sealMessageKey(key28, shared.key, { id, talker, sheet: hash });
      const senderKey = { sheet: hash, salt: sheet.salt, sealed };
      const chosen = chosenAmong(
        sheet,
        recipients.map(({ node }) => node),
      );
      const facts: Header = { ...about, ...readersIn(sheet, chosen), senderKey };
      return { signed: { ...signSheetedHeader(this.#identity, facts, shared), ...words?.beside }, facts };
    }
    const keys = await this.#wrap(key28, id, recipients);
    const facts: Header = { ...about, recipients: recipients.map(({ node }) => node), keys };
    return { signed: { ...signHeader(this.#identity, facts), ...words?.beside }, facts };
  }

  /** The message key, wrapped for each recipient and for this node. */
  #wrap(key28: Uint8Array, id: MessageId, recipients: readonly KnownNode[]): Promise<WrappedKey[]> {
    const readers = [
      ...recipients.map(({ node, hpkeKey }) => ({ node, hpkeKey: fromBase64url(hpkeKey) })),
      this.#self,
    ];
    return Promise.all(
      readers.map(({ node, hpkeKey }) =>
        wrapMessageKey(key28, {
          ...{ id, talker: this.#identity.nodeId, recipient: node, recipientHpkeKey: hpkeKey },
          prepared: this.#takePrepared(node),
        }),
      ),
    );
  }

  /** Signs hashes of fragments, for a message whose key several recipients have. */
  hashes(id: MessageId, { from, hashes }: HashedFragments): Statement<FragmentHashes> {
    const talker = this.#identity.nodeId;
    const facts: FragmentHashes = { v: 1, id, talker, from, hashes: toBase64url(hashes) };
    return { signed: signFragmentHashes(this.#identity, facts), facts };
  }

  /** Signs how many fragments the message has, and what they are. */
  manifest(id: MessageId, hash: FragmentHash): Statement<Manifest> {
    const { count } = hash;
    const facts: Manifest = {
      ...{ v: 1, id, talker: this.#identity.nodeId, count, hash: hash.digest() },
      ...{ durationMs: count * FRAME_MS, endedAt: this.#clock.now() },
    };
    return { signed: signManifest(this.#identity, facts), facts };
  }

  /**
   * Does the slow half of the next key wraps while nobody waits for it, this node's own among them. @throws where a colleague's
   * key is not valid, after the others are done
   */
  async prepare(recipients: readonly NodeRecord[]): Promise<void> {
    const others = recipients
      .slice(0, MAX_PREPARED)
      .map(({ node, hpkeKey }) => ({ node, hpkeKey: fromBase64url(hpkeKey) }));
    const failures: unknown[] = [];
    for (const { node, hpkeKey } of [this.#self, ...others]) {
      if (this.#prepared.has(node)) continue;
      try {
        this.#prepared.set(node, await prepareWrap(hpkeKey));
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  get #self(): { readonly node: NodeId; readonly hpkeKey: Uint8Array } {
    return { node: this.#identity.nodeId, hpkeKey: this.#identity.hpkePublicKey };
  }

  #takePrepared(node: NodeId): PreparedWrap | undefined {
    const prepared = this.#prepared.get(node);
    this.#prepared.delete(node);
    return prepared;
  }
}

/** What the header says of the words, and the sealed words that stand beside it. */
function sealedWords({ text, ...about }: TypedWords, binding: Parameters<typeof sealWords>[1]) {
  const words = sealWords(text, binding);
  return { said: { ...about, hash: hashOfWords(words) }, beside: { words } };
}
