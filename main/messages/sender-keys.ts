import { SENDER_KEY_BYTES, wrapMessageKey, type Identity } from '../identity/index.ts';
import {
  fromBase64url,
  MAX_RECIPIENTS,
  NewestMap,
  newMessageId,
  writeSheet,
  type Clock,
  type KnownNode,
  type NodeId,
  type Random,
  type ReadSheet,
  type WrappedKey,
} from '../model/index.ts';
import type { OfficePort } from './ports.ts';

const HOUR_MS = 60 * 60_000;
/** Up to this many recipients a header has a key for each, which fits one datagram. */
const MAX_OWN_KEYS = 2;
/** How many sets of people are remembered beside those that were prepared: a person talks to few of them again and again. */
const MAX_SETS = 16;
/** A sender key is used for one day at most. */
const RENEW_AFTER_MS = 24 * HOUR_MS;
/** One that was prepared is renewed before that, while nobody waits for it. */
const PREPARE_AGAIN_AFTER_MS = 20 * HOUR_MS;

interface SenderKeysParts {
  readonly identity: Identity;
  readonly office: Pick<OfficePort, 'readsSheets' | 'switchNode' | 'standbyNode' | 'online' | 'isMember'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly nextTurn: () => Promise<void>;
}

/** A key sheet of this node, and the sender key that it wraps. */
export interface SenderKey extends ReadSheet {
  readonly key: Buffer;
}

interface Made {
  readonly at: number;
  readonly senderKey: Promise<SenderKey>;
}

/**
 * This node's sender keys: one for each set of people that it talks to. Wrapping one for 250 people takes up to half a second, so it is
 * made before a key is pressed, and serves all messages to the same people. Another set of people has another key. A page goes to those
 * who are online, under the sender key for all whom it is meant for; so nobody's coming or going makes another one.
 */
export class SenderKeys {
  readonly #parts: SenderKeysParts;
  /** By the people in the set; the one that was used last is at the end. */
  readonly #made = new NewestMap<string, Made>(MAX_SETS);
  /** Those that were prepared, likewise. */
  #ready = new Map<string, Made>();

  constructor(parts: SenderKeysParts) {
    this.#parts = parts;
  }

  /**
   * The sender key for these people. Undefined: they are few, or some of them cannot read key sheets, so the header has a key for each.
   * @param meant all whom the message is meant for, also those who do not get it now; the removed ones among them have no key
   * @throws CorridorError `bad-hpke-key`
   */
  for(
    recipients: readonly KnownNode[],
    meant: readonly KnownNode[] = recipients,
  ): Promise<SenderKey> | undefined {
    if (recipients.length <= MAX_OWN_KEYS) return undefined;
    const members = meant.filter(({ node }) => this.#parts.office.isMember(node));
    const set = [members, recipients].find((one) => includesAll(one, recipients) && this.#canHaveOne(one));
    if (!set) return undefined;
    const name = nameOf(this.#parts.identity.nodeId, set);
    const known = this.#known(name, RENEW_AFTER_MS);
    const made = known ?? this.#begin(set);
    if (this.#ready.get(name) !== made) this.#made.set(name, made);
    return made.senderKey;
  }

  /**
   * Makes sender keys for these sets of people, one after the other, and forgets those that it made for other sets. Returns how many keys
   * were wrapped. @throws CorridorError `bad-hpke-key`, after the others are made
   */
  async prepare(sets: readonly (readonly KnownNode[])[]): Promise<number> {
    const ready = new Map<string, Made>();
    const failures: unknown[] = [];
    let wrapped = 0;
    for (const set of sets) {
      if (set.length <= MAX_OWN_KEYS || !this.#canHaveOne(set)) continue;
      const name = nameOf(this.#parts.identity.nodeId, set);
      const made = this.#known(name, PREPARE_AGAIN_AFTER_MS) ?? this.#begin(set);
      if (made !== this.#known(name)) wrapped += set.length + 1;
      // Who presses a key meanwhile waits for the new one only where there is none.
      if (!this.#known(name, RENEW_AFTER_MS)) this.#ready.set(name, made);
      await made.senderKey.then(
        () => ready.set(name, made),
        (error: unknown) => failures.push(error),
      );
    }
    this.#ready = ready;
    if (failures.length > 0) throw failures[0];
    return wrapped;
  }

  /** The one that was made last, if it is younger than `within`. */
  #known(name: string, within = Infinity): Made | undefined {
    const now = this.#parts.clock.monotonic();
    return [this.#ready.get(name), this.#made.get(name)]
      .filter((one) => one !== undefined)
      .sort((a, b) => b.at - a.at)
      .find(({ at }) => now - at < within);
  }

  #begin(people: readonly KnownNode[]): Made {
    const made = { at: this.#parts.clock.monotonic(), senderKey: this.#make(people) };
    made.senderKey.catch(() => {
      for (const sets of [this.#made, this.#ready])
        for (const [name, one] of [...sets]) if (one === made) sets.delete(name);
    });
    return made;
  }

  #canHaveOne(people: readonly KnownNode[]): boolean {
    return people.length <= MAX_RECIPIENTS && this.#canAllRead(people);
  }

  /** Whether every node can read key sheets: nodes that keep the message read its header too, and any node may be the switch next. */
  #canAllRead(recipients: readonly KnownNode[]): boolean {
    const { office } = this.#parts;
    const keepers = [office.switchNode, office.standbyNode, ...office.online];
    return [...recipients.map(({ node }) => node), ...keepers].every(
      (node) => node === undefined || office.readsSheets(node),
    );
  }

  async #make(recipients: readonly KnownNode[]): Promise<SenderKey> {
    const { identity, random, nextTurn } = this.#parts;
    const talker = identity.nodeId;
    const key = random.bytes(SENDER_KEY_BYTES);
    const salt = newMessageId(random);
    const readers: { readonly node: NodeId; readonly hpkeKey: Uint8Array }[] = [
      { node: talker, hpkeKey: identity.hpkePublicKey },
      ...recipients.map(({ node, hpkeKey }) => ({ node, hpkeKey: fromBase64url(hpkeKey) })),
    ];
    const keys: WrappedKey[] = [];
    for (const { node, hpkeKey } of readers) {
      const target = {
        id: salt,
        isSenderKey: true,
        talker,
        recipient: node,
        recipientHpkeKey: hpkeKey,
      } as const;
      keys.push(await wrapMessageKey(key, target));
      // Voices and heartbeats use this thread, too.
      await nextTurn();
    }
    const sheet = { v: 1 as const, talker, salt, recipients: recipients.map(({ node }) => node), keys };
    return { ...writeSheet(sheet), key };
  }
}

function includesAll(people: readonly KnownNode[], some: readonly KnownNode[]): boolean {
  const nodes = new Set(people.map(({ node }) => node));
  return some.every(({ node }) => nodes.has(node));
}

/**
 * A name for a set of people: the same for the same people with the same keys, in any order. It includes the talker, whose id may
 * change.
 */
function nameOf(talker: NodeId, recipients: readonly KnownNode[]): string {
  const readers = recipients.map(({ node, hpkeKey }) => `${node} ${hpkeKey}`).sort();
  return [talker, ...readers].join('|');
}
