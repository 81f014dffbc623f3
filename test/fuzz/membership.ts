import { once } from 'node:events';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import {
  loadOrCreateIdentity,
  OFFER_BYTES,
  OFFICE_PROOF_BYTES,
  officeProof,
  openPacket,
  pairKeys,
  sealPacket,
  type Identity,
  type Ledger,
  type PairKeys,
} from '../../main/identity/index.ts';
import { fromBase64url, type Endpoints, type NodeId } from '../../main/model/index.ts';
import { encodeFrame, FRAME_JSON, FrameReader } from '../../main/signalling/frames.ts';
import { ACCEPTED, readUntil } from '../../main/signalling/office-answer.ts';
import { readControlMessage, type ControlMessage } from '../../main/signalling/schemas.ts';
import { AS_MEMBER, exportedForOffice, tlsOptions } from '../../main/signalling/tls-peer.ts';
import { comeInByLink, LedgerExchange, type Door } from '../support/by-link.ts';

/*
 * The one place of this suite that knows how somebody becomes a member, and what makes a link and a datagram a member's.
 */

const NO_OFFER = Buffer.alloc(OFFER_BYTES);

/** Whom a datagram is for. */
export interface Addressee {
  readonly id: NodeId;
  readonly hpkeKey: Uint8Array;
}

/** A member of the office, as far as the office can tell. */
export interface Membership {
  readonly identity: Identity;
  /** As its links brought it. */
  readonly ledger: Ledger;
  /** Seals what a datagram says for one node, as one that is fresh. @throws RangeError where it is too long for one */
  seal(kind: number, body: Uint8Array, to: Addressee): Buffer;
  /** A datagram that a node sent: what that node offers in it makes what it gets later fresh. */
  hear(bytes: Buffer): void;
  /** Whether that node has offered anything yet: before, it believes nothing. */
  isOffered(to: NodeId): boolean;
  /** A control link to one node, both sides proven, that writes any bytes. */
  connect(to: Endpoints): Promise<TLSSocket>;
}

/**
 * Becomes a member with a new identity, kept in a folder of its own below `folder`: the node behind the door lets it in, with
 * that number.
 */
export async function becomeMember(
  joinLink: string,
  door: Door,
  folder: string,
  { name, extension }: { readonly name: string; readonly extension: string },
): Promise<Membership> {
  const identity = await loadOrCreateIdentity(join(folder, name));
  const { ledger, link, credentials } = await comeInByLink(identity, joinLink, door, extension);
  return {
    ...{ identity, ledger },
    ...datagramsOf(identity, fromBase64url(link.office)),
    connect: async ({ address, control }) => {
      const socket = connect({
        ...tlsOptions(credentials),
        ...{ host: address, port: control, checkServerIdentity: () => undefined },
      });
      try {
        await Promise.race([once(socket, 'secureConnect'), closed(socket)]);
        socket.setNoDelay(true);
        const proof = officeProof(link.office, exportedForOffice(socket), 'client');
        socket.write(Buffer.concat([Buffer.from([AS_MEMBER]), proof]));
        const answer = await readUntil(
          socket,
          (bytes) => bytes.length > OFFICE_PROOF_BYTES || bytes[0] !== ACCEPTED,
        );
        if (answer[0] !== ACCEPTED) throw new Error('the link was refused');
        await Promise.race([
          exchanged(socket, ledger, answer.subarray(1 + OFFICE_PROOF_BYTES)),
          closed(socket),
        ]);
        return socket;
      } catch (error) {
        socket.destroy();
        throw error;
      }
    },
  };
}

/** Brings both ends to one ledger, and goes on to answer what the node asks of it. `early`: what was read of the link before. */
function exchanged(socket: TLSSocket, ledger: Ledger, early: Buffer): Promise<void> {
  const say = (message: ControlMessage): void => {
    if (socket.writable) socket.write(encodeFrame(FRAME_JSON, Buffer.from(JSON.stringify(message))));
  };
  const exchange = new LedgerExchange(ledger, say);
  const reader = new FrameReader();
  const take = (chunk: Buffer): void => {
    for (const { type, payload } of reader.push(chunk)) {
      const read = type === FRAME_JSON ? readControlMessage(payload) : undefined;
      if (read?.kind === 'message') exchange.take(read.message);
    }
  };
  exchange.begin();
  take(early);
  socket.on('data', take);
  socket.resume();
  return exchange.done;
}

interface Pair {
  readonly keys: PairKeys;
  echo: Uint8Array;
  seq: number;
}

function datagramsOf(
  identity: Identity,
  officeId: Uint8Array,
): Pick<Membership, 'seal' | 'hear' | 'isOffered'> {
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
    seal: (kind, body, to) => {
      const pair = pairs.get(to.id) ?? pairOf(to);
      const { echo, keys } = pair;
      return sealPacket(keys.sending, { echo, offer, boot, seq: (pair.seq += 1), kind, body });
    },
    hear: (bytes) => {
      for (const pair of pairs.values())
        pair.echo = openPacket(pair.keys.receiving, bytes)?.offer ?? pair.echo;
    },
    isOffered: (to) => (pairs.get(to)?.echo ?? NO_OFFER) !== NO_OFFER,
  };
}

/** Rejects where the connection ends. */
async function closed(socket: TLSSocket): Promise<never> {
  await once(socket, 'close');
  throw new Error('the link was broken off');
}
