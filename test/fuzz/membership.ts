import { once } from 'node:events';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import {
  loadOrCreateIdentity,
  OFFICE_PROOF_BYTES,
  officeProof,
  type Identity,
  type Ledger,
} from '../../main/identity/index.ts';
import { fromBase64url, type Endpoints } from '../../main/model/index.ts';
import { encodeFrame, FRAME_JSON, FrameReader } from '../../main/signalling/frames.ts';
import { ACCEPTED, readUntil } from '../../main/signalling/office-answer.ts';
import { readControlMessage, type ControlMessage } from '../../main/signalling/schemas.ts';
import { AS_MEMBER, exportedForOffice, tlsOptions } from '../../main/signalling/tls-peer.ts';
import { comeInByLink, LedgerSyncEnd, type Door } from '../support/by-link.ts';
import { pairDatagramsOf, type PairDatagrams } from '../support/pair-datagrams.ts';

/*
 * The one place of this suite that knows how somebody becomes a member, and what makes a link and a datagram a member's.
 */

/** A member of the office, as far as the office can tell. */
export interface Membership extends PairDatagrams {
  readonly identity: Identity;
  /** As its links brought it. */
  readonly ledger: Ledger;
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
    ...pairDatagramsOf(identity, fromBase64url(link.office)),
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
        await Promise.race([synced(socket, ledger, answer.subarray(1 + OFFICE_PROOF_BYTES)), closed(socket)]);
        return socket;
      } catch (error) {
        socket.destroy();
        throw error;
      }
    },
  };
}

/** Brings both ends to one ledger, and goes on to answer what the node asks of it. `early`: what was read of the link before. */
function synced(socket: TLSSocket, ledger: Ledger, early: Buffer): Promise<void> {
  const say = (message: ControlMessage): void => {
    if (socket.writable) socket.write(encodeFrame(FRAME_JSON, Buffer.from(JSON.stringify(message))));
  };
  const sync = new LedgerSyncEnd(ledger, say);
  const reader = new FrameReader();
  const take = (chunk: Buffer): void => {
    for (const { type, payload } of reader.push(chunk)) {
      const read = type === FRAME_JSON ? readControlMessage(payload) : undefined;
      if (read?.kind === 'message') sync.take(read.message);
    }
  };
  sync.begin();
  take(early);
  socket.on('data', take);
  socket.resume();
  return sync.done;
}

/** Rejects where the connection ends. */
async function closed(socket: TLSSocket): Promise<never> {
  await once(socket, 'close');
  throw new Error('the link was broken off');
}
