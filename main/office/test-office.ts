import { HandTime } from '../../test/support/hand-time.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import {
  foundOffice,
  Ledger,
  LedgerFile,
  RequestBook,
  restore,
  signCard,
  signRule,
  type Identity,
  type InvitationsFile,
} from '../identity/index.ts';
import { FIRST_EXTENSION, nextTurn, nodePorts, type Signed } from '../model/index.ts';
import { OfficeInvitations, OfficeLedger, type Office } from './index.ts';

const LEDGER_PATH = '/profile/ledger.jsonl';

/** The statements of an office that `founder` founded, in which these are members, with numbers from 101 on. */
export function foundTestOffice(
  founder: Identity,
  members: readonly Identity[] = [],
  admit: 'members' | 'admins' = 'members',
): readonly Signed[] {
  const { ledger } = foundOffice(founder, { name: 'Nord', admit }, nodePorts.random.bytes(16));
  [founder, ...members].forEach((who, index) => {
    if (who !== founder) admitInto(ledger, founder, who);
    const number = { person: who.nodeId, extension: String(FIRST_EXTENSION + index) };
    ledger.add(signRule(founder, ledger, 'number', number));
  });
  return ledger.statements;
}

export function admitInto(ledger: Ledger, by: Identity, who: Identity): Signed {
  const admission = signRule(by, ledger, 'admit', { card: signCard(who), person: who.nodeId });
  ledger.add(admission);
  return admission;
}

/** A ledger of its own that holds these statements, the charter first. */
export function plainLedger([charter, ...rest]: readonly Signed[]): Ledger {
  if (!charter) throw new Error('an office begins with a charter');
  const ledger = new Ledger(charter);
  restore(ledger, rest);
  return ledger;
}

/** The office of one node, its ledger on a simulated disk; disk and time are in the test’s hand. */
export interface TestDesk extends Office {
  readonly identity: Identity;
  readonly plain: Ledger;
  readonly disk: SimulatedDisk;
  readonly time: HandTime;
  readonly log: string[];
  readonly isClosed: () => boolean;
  /** Of the invitations; undefined: nothing was written yet. */
  readonly saved: () => InvitationsFile | undefined;
  /** Writing the invitations is refused from now on, or is not. */
  refuseInvitations(isRefused: boolean): void;
  /** The statements that are on the disk, read anew. */
  readonly onDisk: () => Promise<readonly Signed[]>;
}

export async function openDesk(
  identity: Identity,
  statements: readonly Signed[],
  {
    time = new HandTime(),
    fraction = 0.5,
    waiting = [] as readonly Signed[],
    kept = undefined as InvitationsFile | undefined,
    rest = nextTurn,
  } = {},
): Promise<TestDesk> {
  const [disk, log]: [SimulatedDisk, string[]] = [new SimulatedDisk(), []];
  const { file } = await LedgerFile.open(LEDGER_PATH, disk);
  await file.append(statements);
  const plain = plainLedger(statements);
  const random = { ...nodePorts.random, fraction: () => fraction };
  const common = { identity, ledger: plain, clock: time, random, log: (line: string) => void log.push(line) };
  let saved: InvitationsFile | undefined;
  let isRefused = false;
  let isClosed = false;
  const watched = {
    append: (added: readonly Signed[]) => file.append(added),
    rewrite: (all: readonly Signed[]) => file.rewrite(all),
    get lines() {
      return file.lines;
    },
    close: () => {
      isClosed = true;
      return file.close();
    },
  };
  const write = async (content: InvitationsFile): Promise<void> => {
    if (isRefused) throw new Error('the disk is full');
    saved = structuredClone(content);
  };
  return {
    ...{ identity, plain, disk, time, log },
    ledger: new OfficeLedger({
      ...{ ...common, file: watched, waiting, nextTurn: rest },
      schedule: time.schedule,
    }),
    invitations: new OfficeInvitations({ ...common, kept, file: { write } }),
    requests: new RequestBook(plain),
    isClosed: () => isClosed,
    saved: () => saved,
    refuseInvitations: (refuses) => void (isRefused = refuses),
    onDisk: async () => {
      const read = await LedgerFile.open(LEDGER_PATH, disk.afterPowerFailure('lost'));
      await read.file.close();
      return read.content.statements;
    },
  };
}
