import type { TestContext } from 'node:test';
import type { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { LedgerFile, signCard, signRule, type Identity, type Ledger } from '../identity/index.ts';
import type { NodeId, Signed } from '../model/index.ts';
import { newIdentities } from './test-network.ts';
import { foundTestOffice, openDesk, type TestDesk } from './test-office.ts';

export const PATH = '/profile/ledger.jsonl';

/** Ana founded the office; Bo and Cy are members. The desk is Cy's. */
export async function ledgerOfCy(t: TestContext, options: Parameters<typeof openDesk>[2] = {}) {
  const [ana, bo, cy, dee] = await newIdentities(t, 4);
  const statements = foundTestOffice(ana, [bo, cy]);
  const desk = await openDesk(cy, statements, options);
  t.after(() => desk.ledger.close());
  return { ana, bo, cy, dee, statements, desk };
}

/** What the desk tells, with the disk as a power failure at that moment would leave it. */
export function toldBy({ ledger, disk }: TestDesk) {
  const told: { statements: readonly Signed[]; from: NodeId | undefined; left: SimulatedDisk }[] = [];
  ledger.events.on('added', ({ statements, from }) =>
    told.push({ statements, from, left: disk.afterPowerFailure('lost') }),
  );
  return told;
}

export async function heldOn(disk: SimulatedDisk): Promise<readonly string[]> {
  const { file, content } = await LedgerFile.open(PATH, disk);
  await file.close();
  return content.statements.map(({ payload }) => payload);
}

export function admission(ledger: Ledger, by: Identity, who: Identity): Signed {
  return signRule(by, ledger, 'admit', { card: signCard(who), person: who.nodeId });
}
