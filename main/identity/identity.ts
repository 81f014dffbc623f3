import { join } from 'node:path';
import { CorridorError, nodePorts, syncFolderNames } from '../model/index.ts';
import {
  createOwnKeys,
  parseIdentityFile,
  toFormerKeys,
  toNodeKeys,
  type FormerKeys,
  type IdentityFile,
  type NodeKeys,
} from './identity-file.ts';
import { statementNotSaved } from './not-saved.ts';
import { ensureOwnerFolder, readOwnerFile, writeOwnerFile, type FilePorts, type Log } from './owner-file.ts';

export const IDENTITY_FILE = 'identity.json';

/** This node's keys, and the id that follows from them. The private keys never leave the computer. */
export interface Identity extends NodeKeys {
  /** Former identities of this node, which an office removed, the oldest first. */
  readonly former: readonly FormerKeys[];
}

/**
 * This node's identity for its whole life. A key that an office removed stays out for good, so its person joins again with another one.
 * The rest of the node holds this object, and reads the present keys from it.
 */
export class OwnIdentity implements Identity {
  readonly #write: (file: IdentityFile) => Promise<void>;
  #file: IdentityFile;
  #keys: NodeKeys;
  #former: readonly FormerKeys[];

  /** @throws where the keys are invalid, or do not belong together */
  constructor(file: IdentityFile, write: (file: IdentityFile) => Promise<void>) {
    this.#write = write;
    this.#file = file;
    this.#keys = toNodeKeys(file);
    this.#former = toFormerKeys(file);
    if (file.next) toNodeKeys(file.next);
  }

  get nodeId() {
    return this.#keys.nodeId;
  }

  get signingKey() {
    return this.#keys.signingKey;
  }

  get signingKeySpki() {
    return this.#keys.signingKeySpki;
  }

  get certificatePem() {
    return this.#keys.certificatePem;
  }

  get privateKeyPem() {
    return this.#keys.privateKeyPem;
  }

  get hpkeKey() {
    return this.#keys.hpkeKey;
  }

  get hpkePublicKey() {
    return this.#keys.hpkePublicKey;
  }

  get former() {
    return this.#former;
  }

  sign(statement: unknown) {
    return this.#keys.sign(statement);
  }

  /**
   * Makes new keys to join with. They are on the disk when it resolves, so that an admission survives a power failure. Until `succeed` this
   * node keeps its present identity, since the admission may never come, and the removal may be taken back.
   * @throws CorridorError `statement-not-saved`
   */
  async successor(): Promise<NodeKeys> {
    const next = this.#file.next ?? createOwnKeys();
    if (!this.#file.next) await this.#save({ ...this.#file, next });
    return toNodeKeys(next);
  }

  /**
   * An office has admitted the new keys: they become this node's identity, and the former keys only open what was sealed for them.
   * @throws CorridorError `statement-not-saved`; the identity has not changed then
   */
  async succeed(): Promise<void> {
    const { next, former, hpkeKey } = this.#file;
    if (!next) return;
    await this.#save({ version: 2, ...next, former: [...former, { node: this.nodeId, hpkeKey }] });
    this.#keys = toNodeKeys(next);
    this.#former = toFormerKeys(this.#file);
  }

  async #save(file: IdentityFile): Promise<void> {
    await this.#write(file).catch((cause: unknown) => {
      throw statementNotSaved(cause);
    });
    this.#file = file;
  }
}

/**
 * Loads the identity in `dir`, or makes it on the first run. Repairs loose rights of the folder and the file, and logs that.
 * @throws CorridorError `identity-damaged` where the file cannot be used. It is never replaced automatically, since the person would
 * lose their extension and every unheard message with the key.
 */
export async function loadOrCreateIdentity(
  dir: string,
  log: Log = () => undefined,
  ports: FilePorts = nodePorts,
): Promise<OwnIdentity> {
  const { disk } = ports;
  await ensureOwnerFolder(dir, log, disk);
  const path = join(dir, IDENTITY_FILE);
  const write = async (file: IdentityFile): Promise<void> => {
    await writeOwnerFile(path, textOf(file), ports);
  };
  const kept = await readOwnerFile(path, log, disk);
  if (kept !== undefined) return readIdentity(kept, path, write);

  const created: IdentityFile = { version: 2, ...createOwnKeys(), former: [] };
  // The folder may have been made a moment ago, by the socket or the log, and a power failure would remove it with its content.
  await syncFolderNames(disk, dir);
  if (await writeOwnerFile(path, textOf(created), ports, { keepExisting: true }))
    return new OwnIdentity(created, write);
  const other = await readOwnerFile(path, log, disk);
  return readIdentity(other ?? '', path, write);
}

function readIdentity(text: string, path: string, write: (file: IdentityFile) => Promise<void>): OwnIdentity {
  try {
    return new OwnIdentity(parseIdentityFile(text), write);
  } catch (cause) {
    throw new CorridorError(
      'identity-damaged',
      `The identity of this node cannot be read: ${path} is damaged, or was written by a newer Corridor. ` +
        'Put back a copy of it, or move it away to start as a new node; messages sent to the old one cannot be played then.',
      { cause, details: { path } },
    );
  }
}

function textOf(file: IdentityFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}
