import type { Identity } from '../identity/index.ts';
import {
  CorridorError,
  toBase64url,
  type Clock,
  type Endpoints,
  type NodeRecord,
  type Signed,
  verifyNodeRecord,
} from '../model/index.ts';
import type { OfficeNetwork, PersonPort } from './ports.ts';
import type { Roster } from './roster.ts';

interface OwnRecordParts {
  readonly roster: Roster;
  readonly identity: Identity;
  readonly person: PersonPort;
  readonly network: Pick<OfficeNetwork, 'isWireless'>;
  readonly clock: Clock;
  /** The id of this node's message store. */
  readonly storeId: string;
  /** The name of this computer. */
  readonly computer?: string | undefined;
  /** Whether this node has no room to keep messages. Left out: it has. */
  readonly isFull?: (() => boolean) | undefined;
}

/** Two computers with a copy of one profile would catch up with each other all the time: after this time at the soonest, ms. */
const CATCH_UP_AGAIN_MS = 60_000;

/** This node's own record, with its person's data and its endpoints, signed again at every change. */
export class OwnRecord {
  readonly #parts: OwnRecordParts;
  #endpoints: Endpoints | undefined;
  #caughtUpAt = -Infinity;
  #current: { readonly signed: Signed; readonly record: NodeRecord } | undefined;

  constructor(parts: OwnRecordParts) {
    this.#parts = parts;
  }

  /** @throws CorridorError `not-set-up` before it was signed for the first time */
  get current(): { readonly signed: Signed; readonly record: NodeRecord } {
    if (!this.#current)
      throw new CorridorError('not-set-up', 'Say who you are first: a name and an extension.', {
        phrase: { code: 'no-name', details: {} },
      });
    return this.#current;
  }

  /**
   * Handles a record of this node that a colleague has. Where it is later than the present one, since this disk lost its number and the
   * clock was set back, colleagues pass the present one over: the next one is later still. True: sign it now.
   */
  catchUp(signed: Signed): boolean {
    const { identity, person, clock } = this.#parts;
    const known = verifyNodeRecord(signed);
    if (known?.node !== identity.nodeId || known.revision <= person.settings.revision) return false;
    if (clock.monotonic() < this.#caughtUpAt + CATCH_UP_AGAIN_MS) return false;
    this.#caughtUpAt = clock.monotonic();
    void person.note({ revision: known.revision });
    return true;
  }

  setEndpoints(endpoints: Endpoints): void {
    this.#endpoints = endpoints;
    this.refresh();
  }

  /** Signs a new record from the settings and enters it into the directory. */
  refresh(): void {
    const { roster, identity, person, network, clock, storeId, computer, isFull } = this.#parts;
    const { name, presence, revision, divert } = person.settings;
    if (!this.#endpoints || name === null) return;
    const record: NodeRecord = {
      v: 1,
      node: identity.nodeId,
      revision: Math.max(clock.now(), revision + 1),
      ...{ name, presence },
      signingKey: toBase64url(identity.signingKeySpki),
      hpkeKey: toBase64url(identity.hpkePublicKey),
      endpoints: this.#endpoints,
      store: storeId,
      readsSheets: true,
      calls: true,
      multicast: true,
      refers: true,
      parties: true,
      tellsOfRecording: true,
      pickUps: true,
      hearsPutThroughs: true,
      ...(network.isWireless(this.#endpoints.address) ? { wireless: true } : {}),
      ...(isFull?.() ? { full: true } : {}),
      ...(computer === undefined ? {} : { computer }),
      ...(divert === null ? {} : { divert }),
    };
    void person.note({ revision: record.revision });
    this.#current = { record, signed: identity.sign(record) };
    roster.directory.add(this.#current.signed);
    roster.directory.setOnline(record.node, true);
  }
}
