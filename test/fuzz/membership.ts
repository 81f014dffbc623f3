import { once } from 'node:events';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import {
  loadOrCreateIdentity,
  officeKeys,
  parseJoinLink,
  sealDatagram,
  type Identity,
} from '../../main/identity/index.ts';
import type { Endpoints, NodeId } from '../../main/model/index.ts';
import { ACCEPTED, officeProof, PROOF_BYTES, readUntil } from '../../main/signalling/office-proof.ts';
import { tlsOptions } from '../../main/signalling/tls-peer.ts';

/*
 * The one place of this suite that knows how somebody becomes a member, and what makes a link and a datagram a member's.
 */

/** A member of the office, as far as the office can tell. */
export interface Membership {
  readonly identity: Identity;
  /** Seals what a datagram says (kind and body) for one node. @throws RangeError where it is too long for one */
  seal(plaintext: Uint8Array, to: NodeId): Buffer;
  /** A control link to one node, both sides proven, that writes any bytes. */
  connect(to: Endpoints): Promise<TLSSocket>;
}

/** Becomes a member with a new identity, kept in a folder of its own below `folder`. */
export async function becomeMember(joinLink: string, folder: string, name: string): Promise<Membership> {
  const identity = await loadOrCreateIdentity(join(folder, name));
  const keys = officeKeys(parseJoinLink(joinLink));
  const { certificatePem, privateKeyPem } = identity;
  const credentials = { certificatePem, privateKeyPem, controlProofKey: keys.controlProofKey };
  return {
    identity,
    // The office has one key for all: whom a datagram is for does not matter yet.
    seal: (plaintext, _to) => sealDatagram(keys, plaintext),
    connect: async ({ address, control }) => {
      const socket = connect({
        ...tlsOptions(credentials),
        ...{ host: address, port: control, checkServerIdentity: () => undefined },
      });
      try {
        await Promise.race([once(socket, 'secureConnect'), closed(socket)]);
        socket.setNoDelay(true);
        socket.write(officeProof(socket, credentials.controlProofKey, 'client'));
        const answer = await readUntil(
          socket,
          (bytes) => bytes.length > PROOF_BYTES || bytes[0] !== ACCEPTED,
        );
        if (answer[0] !== ACCEPTED) throw new Error('the link was refused');
        return socket;
      } catch (error) {
        socket.destroy();
        throw error;
      }
    },
  };
}

/** Rejects where the connection ends. */
async function closed(socket: TLSSocket): Promise<never> {
  await once(socket, 'close');
  throw new Error('the link was broken off');
}
