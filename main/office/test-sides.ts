import type { TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import type { Identity } from '../identity/index.ts';
import type { Signed } from '../model/index.ts';
import { newIdentities } from './test-network.ts';
import { Side } from './test-exchange.ts';
import { foundTestOffice, openDesk } from './test-office.ts';

/** Ana founded the office, Bo is in it; the others are not. */
export async function anaAndBo(t: TestContext) {
  const [ana, bo, cy, dee] = await newIdentities(t, 4);
  const statements = foundTestOffice(ana, [bo]);
  const sideOf = async (who: Identity, held: readonly Signed[] = statements, time = new HandTime()) => {
    const desk = await openDesk(who, held, { time });
    t.after(() => desk.ledger.close());
    return new Side(desk);
  };
  return { ana, bo, cy, dee, statements, sideOf };
}
