import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { loadOrCreateIdentity } from '../../main/identity/index.ts';
import { fromBase64url, type Endpoints, type NodeId, type NodeRecord } from '../../main/model/index.ts';
import { GREETING } from '../../main/office/freshness.ts';
import type { ControlLink, ControlMessageType } from '../../main/signalling/index.ts';
import { comeInByLink, linkAsMember, NO_PORT, recordOf, type ByLink, type Door } from './by-link.ts';
import { pairDatagramsOf, type PairDatagrams } from './pair-datagrams.ts';

/** How often it tries each node again, by a link and by a datagram, ms. */
const TRIES_EVERY_MS = 200;

/** A node that it tries to reach. */
export interface Target {
  readonly id: NodeId;
  readonly endpoints: Endpoints;
}

/** Something that reached it. `ended`: its link to that node ended, and all that came over it was told before. */
export type Heard =
  | { readonly what: 'frame'; readonly type: ControlMessageType }
  | { readonly what: 'fragments' }
  | { readonly what: 'datagram'; readonly bytes: number; readonly port: 'beat' | 'media' }
  | { readonly what: 'ended'; readonly by: NodeId };

/** Frames of the ledger, by which a removed node learns of its removal. */
const OF_THE_LEDGER: ReadonlySet<string> = new Set<ControlMessageType>(['ledger', 'have', 'statements']);

/** Everything that the office sent to a removed node besides the ledger: must be empty. */
export function saidIn(heard: readonly Heard[]): Heard[] {
  return heard.filter(
    (one) => one.what !== 'ended' && !(one.what === 'frame' && OF_THE_LEDGER.has(one.type)),
  );
}

/**
 * A member that does not run Corridor. It keeps its keys, and keeps trying to link to all nodes and to send them datagrams, also after it
 * was removed.
 */
export class Eavesdropper {
  readonly id: NodeId;
  readonly #self: ByLink;
  readonly #record: NodeRecord;
  readonly #datagrams: PairDatagrams;
  readonly #beat: Socket;
  readonly #media: Socket;
  readonly #hear: (heard: Heard) => void;
  readonly #links = new Map<NodeId, ControlLink | 'trying'>();
  #targets: readonly Target[] = [];
  readonly #timer = setInterval(() => this.#tryAll(), TRIES_EVERY_MS);

  /** Joins at that node with that extension. `address`: its own; `folder`: for its keys. */
  static async join(
    place: { readonly folder: string; readonly address: string },
    joinLink: string,
    door: Door,
    extension: string,
    hear: (heard: Heard) => void,
  ): Promise<Eavesdropper> {
    const self = await comeInByLink(await loadOrCreateIdentity(place.folder), joinLink, door, extension);
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    await Promise.all(sockets.map((socket) => once(socket.bind(0, place.address), 'listening')));
    return new Eavesdropper(self, place.address, sockets, extension, hear);
  }

  private constructor(
    self: ByLink,
    address: string,
    [beat, media]: readonly [Socket, Socket],
    extension: string,
    hear: (heard: Heard) => void,
  ) {
    const { identity, link } = self;
    this.id = identity.nodeId;
    this.#self = self;
    this.#hear = hear;
    [this.#beat, this.#media] = [beat, media];
    this.#datagrams = pairDatagramsOf(identity, fromBase64url(link.office));
    const [beatPort, mediaPort] = [beat.address().port, media.address().port];
    const ports = { control: NO_PORT, beat: beatPort, media: mediaPort };
    this.#record = recordOf(identity, extension, { address, ...ports });
    beat.on('message', (bytes) => {
      this.#datagrams.hear(bytes);
      hear({ what: 'datagram', bytes: bytes.length, port: 'beat' });
    });
    media.on('message', (bytes) => hear({ what: 'datagram', bytes: bytes.length, port: 'media' }));
  }

  /** The nodes that it tries from now on. */
  set targets(targets: readonly Target[]) {
    this.#targets = targets;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#targets = [];
    for (const link of this.#links.values()) if (link !== 'trying') link.close();
    this.#beat.close();
    this.#media.close();
  }

  #tryAll(): void {
    const { members } = this.#self.ledger.standing;
    for (const { id, endpoints } of this.#targets) {
      const hpkeKey = members.get(id)?.card.hpkeKey;
      if (hpkeKey) {
        const greeting = this.#datagrams.seal(GREETING, Buffer.alloc(0), { id, hpkeKey });
        this.#beat.send(greeting, endpoints.beat, endpoints.address, () => undefined);
      }
      if (!this.#links.has(id)) void this.#link(id, endpoints);
    }
  }

  async #link(id: NodeId, door: Door): Promise<void> {
    this.#links.set(id, 'trying');
    try {
      const link = await linkAsMember(this.#self, door, id, {
        onMessage: ({ type }) => this.#hear({ what: 'frame', type }),
        onFragments: () => this.#hear({ what: 'fragments' }),
        onClose: () => {
          this.#links.delete(id);
          this.#hear({ what: 'ended', by: id });
        },
      });
      link.send({ type: 'hello', record: this.#self.identity.sign(this.#record), version: '0.1.0' });
      if (this.#links.has(id)) this.#links.set(id, link);
    } catch {
      this.#links.delete(id);
    }
  }
}
