import {
  OFFER_BYTES,
  openPacket,
  packetTag,
  pairKeys,
  sealPacket,
  type Identity,
  type Packet,
  type PairKeys,
} from '../../main/identity/index.ts';
import type { NodeId } from '../../main/model/index.ts';

const NO_OFFER = Buffer.alloc(OFFER_BYTES);

/** The addressee of a datagram. */
interface Addressee {
  readonly id: NodeId;
  readonly hpkeKey: Uint8Array;
}

/** The fields that show whether a datagram is fresh. */
export type Freshness = Pick<Packet, 'echo' | 'offer' | 'boot' | 'seq'>;

/** Datagrams between one node and the others; a test acts for the one. */
export interface PairDatagrams {
  /**
   * Seals a fresh datagram for one node; `instead` replaces fields of its freshness.
   * @throws RangeError where it is too long for one
   */
  seal(kind: number, body: Uint8Array, to: Addressee, instead?: Partial<Freshness>): Buffer;
  /** Takes a datagram that a node sent, whose offer is echoed in later datagrams to it. */
  hear(bytes: Buffer): void;
  /** Whether that node has sent an offer yet; before that it believes nothing. */
  isOffered(to: NodeId): boolean;
}

interface Pair {
  readonly keys: PairKeys;
  echo: Uint8Array;
  seq: number;
}

export function pairDatagramsOf(identity: Identity, officeId: Uint8Array): PairDatagrams {
  const pairs = new Map<NodeId, Pair>();
  const [boot, offer] = [Date.now(), Buffer.alloc(OFFER_BYTES, 1)];
  const pairOf = ({ id, hpkeKey }: Addressee): Pair => {
    const keys = pairKeys(identity, id, hpkeKey, officeId);
    if (!keys) throw new Error('an honest node has a sound key');
    const pair = { keys, echo: NO_OFFER, seq: 0 };
    pairs.set(id, pair);
    return pair;
  };
  return {
    seal: (kind, body, to, instead) => {
      const pair = pairs.get(to.id) ?? pairOf(to);
      const { echo, keys } = pair;
      return sealPacket(keys.sending, { echo, offer, boot, seq: (pair.seq += 1), ...instead, kind, body });
    },
    hear: (bytes) => {
      const tag = packetTag(bytes);
      for (const pair of pairs.values())
        if (tag === Buffer.from(pair.keys.receiving.tag).toString('latin1'))
          pair.echo = openPacket(pair.keys.receiving, bytes)?.offer ?? pair.echo;
    },
    isOffered: (to) => (pairs.get(to)?.echo ?? NO_OFFER) !== NO_OFFER,
  };
}
