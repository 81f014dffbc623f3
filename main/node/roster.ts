import type { Directory, RosterEntry } from '../directory/index.ts';
import type { Identity } from '../identity/index.ts';
import {
  CorridorError,
  nodeRecordSchema,
  readStatement,
  toBase64url,
  type ChosenPresence,
  type Endpoints,
  type NodeId,
  type NodeRecord,
  type Signed,
} from '../model/index.ts';
import type { Profile } from './profile.ts';

/** A claim that is later than everybody's: the extension gives way to whoever has it. */
export const YIELDING = Number.MAX_SAFE_INTEGER;

/** This node's own record, signed anew at every change, beside what is known of the others. */
export class Roster {
  readonly directory: Directory;
  readonly #identity: Identity;
  readonly #profile: Profile;
  #endpoints: Endpoints | undefined;
  #own: { readonly signed: Signed; readonly record: NodeRecord } | undefined;

  constructor(directory: Directory, identity: Identity, profile: Profile) {
    this.directory = directory;
    this.#identity = identity;
    this.#profile = profile;
  }

  get self(): NodeId {
    return this.#identity.nodeId;
  }

  get own(): { readonly signed: Signed; readonly record: NodeRecord } {
    if (!this.#own)
      throw new CorridorError('not-set-up', 'Say who you are first: a name and an extension.', {
        phrase: { code: 'no-name', details: {} },
      });
    return this.#own;
  }

  get presence(): ChosenPresence {
    return this.#profile.settings.presence;
  }

  get othersOnline(): readonly RosterEntry[] {
    return this.directory.roster().filter(({ node, online }) => online && node !== this.self);
  }

  /** The own extension was chosen by nobody, and is not claimed yet. */
  get isYielding(): boolean {
    return this.#profile.settings.claimedAt === YIELDING;
  }

  /** Takes the lowest free extension instead of the own one; it gives way, too. */
  yieldExtension(): void {
    void this.#profile.note({ extension: this.directory.nextFree() });
  }

  claimExtension(): void {
    void this.#profile.note({ claimedAt: Date.now() });
  }

  setEndpoints(endpoints: Endpoints): void {
    this.#endpoints = endpoints;
    this.refresh();
  }

  /** Signs the record anew from the settings and enters it into the directory. */
  refresh(): void {
    const { name, extension, claimedAt, presence, revision } = this.#profile.settings;
    if (!this.#endpoints || name === null || extension === null) return;
    const record: NodeRecord = {
      v: 1,
      node: this.#identity.nodeId,
      revision: Math.max(Date.now(), revision + 1),
      name,
      extension,
      claimedAt,
      presence,
      signingKey: toBase64url(this.#identity.signingKeySpki),
      hpkeKey: toBase64url(this.#identity.hpkePublicKey),
      endpoints: this.#endpoints,
    };
    void this.#profile.note({ revision: record.revision });
    this.#own = { record, signed: this.#identity.sign(record) };
    this.directory.add(this.#own.signed);
    this.directory.setOnline(record.node, true);
  }

  /** Takes in a record; undefined where it is forged or malformed. An older one changes nothing and yields the known. */
  enter(signed: Signed): NodeRecord | undefined {
    const said = readStatement(signed, nodeRecordSchema);
    if (!said || said.node === this.self) return undefined;
    this.directory.add(signed);
    return this.directory.get(said.node);
  }

  /** What is told of one node, or of all: its record and whether it is reachable. */
  entryOf(node: NodeId): { record: Signed; online: boolean } | undefined {
    const record = this.directory.signed(node);
    return record && { record, online: this.directory.isOnline(node) };
  }

  entries(): { record: Signed; online: boolean }[] {
    return this.directory.roster().flatMap(({ node }) => this.entryOf(node) ?? []);
  }

  /** The public signing key (SPKI) of a member, if its record is known. */
  keyOf(node: NodeId): string | undefined {
    return this.directory.get(node)?.signingKey;
  }
}
