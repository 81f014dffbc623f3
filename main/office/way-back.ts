import type { SavedAddresses } from '../discovery/index.ts';
import { officeTagOf, type Identity } from '../identity/index.ts';
import { addressKey } from '../model/index.ts';
import type { ControlLink, ControlMessage } from '../signalling/index.ts';
import { LedgerSync } from './ledger-sync.ts';
import type { OfficeSession } from './office-session.ts';
import type { Office } from './office.ts';
import type { Finder, OfficeNetwork, OfficePorts, SocketAddress } from './ports.ts';

/** The first pause between looks, ms; it grows. A removal by mistake is usually taken back soon. */
const FIRST_LOOK_MS = 2_000;
const LAST_LOOK_MS = 300_000;
/** At most this many colleagues are asked at a look. */
const MAX_ASKED = 8;
/** At most this many found addresses are kept, since any computer can announce any address; beyond it the oldest is dropped. */
const MAX_FOUND = 64;
const LINK_LASTS_MS = 10_000;

interface WayBackParts extends Pick<OfficePorts, 'schedule' | 'random'> {
  readonly session: OfficeSession;
  readonly identity: Identity;
  readonly network: OfficeNetwork;
  readonly interfaces: readonly string[];
  readonly addresses: SavedAddresses;
  readonly log: (line: string) => void;
}

/**
 * After another person removed this node, it asks colleagues from time to time whether the removal was taken back. It gets statements
 * from them only if it is a member again; then the session joins.
 */
export class WayBack {
  readonly #parts: WayBackParts;
  /** The office that it asks about; undefined: it does not ask. */
  #office: Office | undefined;
  #finder: Finder | undefined;
  readonly #found = new Map<string, SocketAddress>();
  readonly #links = new Set<ControlLink>();
  #lookAfterMs = FIRST_LOOK_MS;
  #cancel: (() => void) | undefined;
  readonly #stopListening: () => void;

  constructor(parts: WayBackParts) {
    this.#parts = parts;
    this.#stopListening = parts.session.events.on('changed', () => this.#officeChanged());
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.#end();
  }

  #officeChanged(): void {
    const { session, identity } = this.#parts;
    const { office } = session;
    const by = office?.ledger.removerOf(identity.nodeId);
    // A person who left on their own comes back on their own.
    const wanted = by !== undefined && by !== identity.nodeId ? office : undefined;
    if (wanted === this.#office) return;
    void this.#end();
    this.#office = wanted;
    if (wanted) this.#begin(wanted);
  }

  #begin(office: Office): void {
    const { network, interfaces } = this.#parts;
    const tag = officeTagOf(office.ledger.id).toString('hex');
    this.#finder = network.finder(
      { interfaces, isKnown: () => true },
      {
        found: ({ addresses, controlPort, officeTag }) => {
          if (officeTag !== tag) return;
          for (const address of addresses) put(this.#found, { address, port: controlPort });
          for (const [oldest] of this.#found) if (this.#found.size > MAX_FOUND) this.#found.delete(oldest);
        },
      },
    );
    this.#finder.start();
    this.#lookAfterMs = FIRST_LOOK_MS;
    this.#lookLater(office);
  }

  async #end(): Promise<void> {
    const finder = this.#finder;
    this.#cancel?.();
    this.#office = this.#finder = this.#cancel = undefined;
    this.#found.clear();
    for (const link of this.#links) link.close();
    await finder?.stop();
  }

  #lookLater(office: Office): void {
    this.#cancel = this.#parts.schedule(() => {
      for (const at of this.#places()) void this.#askAt(at, office);
      this.#lookLater(office);
    }, this.#lookAfterMs);
    this.#lookAfterMs = Math.min(2 * this.#lookAfterMs, LAST_LOOK_MS);
  }

  /** Addresses of colleagues, saved and found; others at each look. */
  #places(): SocketAddress[] {
    const { session, addresses, random } = this.#parts;
    const places = new Map(this.#found);
    for (const { endpoints } of session.roster.directory.roster())
      put(places, { address: endpoints.address, port: endpoints.control });
    for (const { host, port } of addresses.given) put(places, { address: host, port });
    const drawn = [...places.values()].map((at) => ({ at, order: random.fraction() }));
    return drawn
      .sort((a, b) => a.order - b.order)
      .slice(0, MAX_ASKED)
      .map(({ at }) => at);
  }

  async #askAt({ address, port }: SocketAddress, office: Office): Promise<void> {
    const { identity, network, log } = this.#parts;
    const { certificatePem, privateKeyPem } = identity;
    const credentials = { certificatePem, privateKeyPem, office: office.ledger.id };
    try {
      const link = await network.connect({ credentials, address, port, expected: 'any-member', log });
      if (this.#office === office) this.#exchange(link, office);
      else link.close();
    } catch {
      // No node of this office is there.
    }
  }

  #exchange(link: ControlLink, { ledger }: Office): void {
    const { schedule } = this.#parts;
    const sync = new LedgerSync({ ledger, schedule, welcome: () => link.close(), over: () => link.close() });
    const cancel = schedule(() => link.close(), LINK_LASTS_MS);
    this.#links.add(link);
    link.listen({
      onMessage: (message) => take(sync, link, message),
      onFragments: () => undefined,
      onClose: () => {
        cancel();
        this.#links.delete(link);
        sync.down(link);
      },
    });
    sync.up(link);
  }
}

function put(places: Map<string, SocketAddress>, at: SocketAddress): void {
  places.set(addressKey(at), at);
}

function take(sync: LedgerSync, link: ControlLink, message: ControlMessage): void {
  if (message.type === 'ledger') sync.ledger(link, message);
  else if (message.type === 'have') sync.have(link, message);
  else if (message.type === 'statements') sync.statements(link, message);
}
