import { SENDER_KEY_BYTES, wrapMessageKey, type Identity } from '../identity/index.ts';
import {
  fromBase64url,
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

/** Up to this many recipients a header has a key for each, which fits one datagram. */
const MAX_OWN_KEYS = 2;
/** How many sets of people are remembered: a person talks to few of them again and again. */
const MAX_SETS = 16;
/** A sender key is used for one day at most. */
const RENEW_AFTER_MS = 24 * 60 * 60_000;

interface SenderKeysParts {
  readonly identity: Identity;
  readonly office: Pick<OfficePort, 'readsSheets' | 'switchNode' | 'standbyNode' | 'online'>;
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
 * made before the talk key is pressed, and serves all messages to the same people. Another set of people has another key.
 */
export class SenderKeys {
  readonly #parts: SenderKeysParts;
  /** By the people in the set; the one that was used last is at the end. */
  readonly #made = new NewestMap<string, Made>(MAX_SETS);

  constructor(parts: SenderKeysParts) {
    this.#parts = parts;
  }

  /**
   * The sender key for these people. Undefined: they are few, or some of them cannot read key sheets, so the header has a key for each.
   * @throws CorridorError `bad-hpke-key`
   */
  for(recipients: readonly KnownNode[]): Promise<SenderKey> | undefined {
    if (recipients.length <= MAX_OWN_KEYS || !this.#canAllRead(recipients)) return undefined;
    const set = nameOf(this.#parts.identity.nodeId, recipients);
    const now = this.#parts.clock.monotonic();
    const known = this.#made.get(set);
    const made =
      known && now - known.at < RENEW_AFTER_MS ? known : { at: now, senderKey: this.#make(recipients) };
    this.#made.set(set, made);
    made.senderKey.catch(() => this.#made.delete(set));
    return made.senderKey;
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

/**
 * A name for a set of people: the same for the same people with the same keys, in any order. It includes the talker, whose id may
 * change.
 */
function nameOf(talker: NodeId, recipients: readonly KnownNode[]): string {
  const readers = recipients.map(({ node, hpkeKey }) => `${node} ${hpkeKey}`).sort();
  return [talker, ...readers].join('|');
}
