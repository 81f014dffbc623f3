import { unwrapCallKey, wrapCallKey, type Identity } from '../identity/index.ts';
import type { MessageKey } from '../media/index.ts';
import {
  fromBase64url,
  MASTER_KEY_BYTES,
  MASTER_SALT_BYTES,
  type CallId,
  type CallKey,
  type KnownNode,
  type NodeId,
  type Random,
} from '../model/index.ts';

/** The SSRC and the key of one direction of a call between two computers. */
interface StreamKey {
  readonly ssrc: number;
  readonly key: MessageKey;
}

/** The key of one direction: in the clear for this side, and wrapped for the computer that receives. */
export interface KeyFor {
  readonly node: NodeId;
  readonly own: StreamKey;
  readonly key: CallKey;
}

/** The keys under which this computer sends in its calls: one for each call and each computer in it. */
export class CallKeys {
  readonly #identity: Identity;
  readonly #random: Random;
  readonly #own = new Map<CallId, Map<NodeId, StreamKey>>();

  constructor(identity: Identity, random: Random) {
    this.#identity = identity;
    this.#random = random;
  }

  /** All computers that a key was made for. */
  get listeners(): ReadonlySet<NodeId> {
    return new Set([...this.#own.values()].flatMap((keys) => [...keys.keys()]));
  }

  get calls(): readonly CallId[] {
    return [...this.#own.keys()];
  }

  ownFor(call: CallId, node: NodeId): StreamKey | undefined {
    return this.#own.get(call)?.get(node);
  }

  /** Makes a key for each of these computers. */
  make(call: CallId, nodes: readonly KnownNode[]): Promise<readonly KeyFor[]> {
    return Promise.all(nodes.map((node) => this.#keyFor(call, node)));
  }

  /** Sends under these keys in this call from now on. */
  keep(call: CallId, made: readonly KeyFor[]): void {
    this.#own.set(call, new Map(made.map(({ node, own }) => [node, own])));
  }

  /** Unwraps the key under which that computer sends. @throws CorridorError `bad-call-key` where it does not open */
  async open(call: CallId, speaker: NodeId, key: CallKey): Promise<StreamKey> {
    const binding = { call, speaker, listener: this.#identity.nodeId };
    return { ssrc: key.ssrc, key: await unwrapCallKey(this.#identity, key, binding) };
  }

  forget(call: CallId): void {
    this.#own.delete(call);
  }

  async #keyFor(call: CallId, { node, hpkeKey }: KnownNode): Promise<KeyFor> {
    const key = {
      masterKey: this.#random.bytes(MASTER_KEY_BYTES),
      masterSalt: this.#random.bytes(MASTER_SALT_BYTES),
    };
    const ssrc = this.#random.bytes(4).readUInt32BE(0);
    const wrapped = await wrapCallKey(Buffer.concat([key.masterKey, key.masterSalt]), {
      ...{ call, speaker: this.#identity.nodeId, listener: node },
      listenerHpkeKey: fromBase64url(hpkeKey),
    });
    return { node, own: { ssrc, key }, key: { ssrc, ...wrapped } };
  }
}
