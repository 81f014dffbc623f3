import { join } from 'node:path';
import {
  INVITATIONS_FORMAT,
  Ledger,
  LedgerFile,
  RequestBook,
  restore,
  type Identity,
  type OfficeId,
} from '../identity/index.ts';
import { CorridorError, fileSetAside, JsonFile, nextTurn, type Ports, type Signed } from '../model/index.ts';
import { OfficeInvitations, OfficeLedger, type Office } from '../office/index.ts';

interface OfficeKeeperParts {
  readonly folder: string;
  readonly identity: Identity;
  readonly ports: Ports;
  readonly log: (line: string) => void;
}

/** Makes, keeps and opens the ledgers of the offices that this node is or was in: each is a file in the profile folder. */
export class OfficeKeeper {
  readonly #parts: OfficeKeeperParts;
  /** Files that could not be used. */
  readonly #setAsides: CorridorError[] = [];

  constructor(parts: OfficeKeeperParts) {
    this.#parts = parts;
  }

  /** What was set aside so far, and is gone on without. */
  get setAsides(): readonly CorridorError[] {
    return this.#setAsides;
  }

  /**
   * The ledger of an office this node is in. One of which nothing can be read is set aside as `<path>.damaged`.
   * @throws CorridorError `ledger-damaged` then, also at later starts, until this node is in an office again
   */
  async open(office: OfficeId): Promise<Office> {
    const { log } = this.#parts;
    const { file, content } = await this.#open(office);
    const [charter] = content.statements;
    const ledger = charter && ledgerOf(charter, office);
    if (!ledger) {
      await file.close();
      throw await this.#setAside(this.#pathOf(office));
    }
    if (content.damaged.length > 0)
      log(`${content.damaged.length} lines of the office’s ledger are damaged. Colleagues send them again.`);
    const { waiting } = restore(ledger, content.statements);
    return this.#keep(ledger, file, waiting);
  }

  /** Begins the file of an office with these statements, the charter first. They are on the disk when it resolves. */
  async begin(ledger: Ledger, invitation?: Signed): Promise<Office> {
    const { file, content } = await this.#open(ledger.office);
    // This node may have been in that office before.
    const { waiting } = restore(ledger, content.statements);
    const held = new Set(content.statements.map(({ payload }) => payload));
    await file.append(ledger.statements.filter(({ payload }) => !held.has(payload)));
    const office = await this.#keep(ledger, file, waiting);
    const self = this.#parts.identity.nodeId;
    if (invitation) await office.invitations.take([invitation], self);
    return office;
  }

  async #keep(ledger: Ledger, file: LedgerFile, waiting: readonly Signed[]): Promise<Office> {
    const { identity, ports, folder, log } = this.#parts;
    const { clock, schedule, random } = ports;
    const path = join(folder, `invitations-${ledger.office}.json`);
    const invitations = new JsonFile(path, INVITATIONS_FORMAT, ports);
    const kept = await invitations.read();
    if (kept.kind === 'aside') this.#setAsides.push(fileSetAside(path, kept.isNewer, kept.cause));
    const common = { identity, ledger, log, clock, random };
    return {
      ledger: new OfficeLedger({ ...common, file, waiting, nextTurn, schedule }),
      requests: new RequestBook(ledger),
      invitations: new OfficeInvitations({
        ...{ ...common, file: invitations },
        kept: kept.kind === 'sound' ? kept.value : undefined,
      }),
    };
  }

  async #setAside(path: string): Promise<CorridorError> {
    const { disk } = this.#parts.ports;
    const aside = `${path}.damaged`;
    // The next start finds no file and makes an empty one: that one must not replace what was set aside.
    const isAside = (await disk.readText(path)) === '' && (await isThere(disk, aside));
    if (!isAside) await disk.rename(path, aside);
    return new CorridorError(
      'ledger-damaged',
      `The office on this computer could not be read and was set aside as ${aside}. Your messages stay. Join again with a colleague’s link.`,
      { details: { path } },
    );
  }

  #open(office: OfficeId) {
    const { ports, log } = this.#parts;
    return LedgerFile.open(this.#pathOf(office), ports.disk, log);
  }

  #pathOf(office: OfficeId): string {
    return join(this.#parts.folder, `ledger-${office}.jsonl`);
  }
}

function ledgerOf(charter: Signed, office: OfficeId): Ledger | undefined {
  try {
    const ledger = new Ledger(charter);
    return ledger.office === office ? ledger : undefined;
  } catch {
    return undefined;
  }
}

async function isThere(disk: Ports['disk'], path: string): Promise<boolean> {
  return disk.readText(path).then(
    () => true,
    () => false,
  );
}
