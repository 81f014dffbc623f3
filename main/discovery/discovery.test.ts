import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { nodePorts } from '../model/index.ts';
import { Discovery, type DiscoveryState } from './index.ts';
import { Responder } from './responder.ts';

/** Of the addresses that are kept for documents (RFC 5737): no computer has it. */
const MISSING = '203.0.113.9';

function open(interfaces: readonly string[], isAlone?: () => boolean) {
  const time = new HandTime();
  const states: DiscoveryState[] = [];
  const discovery = new Discovery(
    {
      ...{ interfaces, shown: { controlPort: 41_021, beatPort: 41_022, officeTag: 'feed0003' } },
      ...(isAlone ? { isAlone } : {}),
    },
    { found: () => undefined, state: (state) => states.push(state) },
    { clock: time, schedule: time.schedule, random: { ...nodePorts.random, fraction: () => 0.5 } },
  );
  return { time, states, discovery };
}

describe('discovery', () => {
  it('asks the LAN after one second and after three, then every minute, and looks at the interfaces every five', async (t) => {
    const { time, discovery } = open(['127.0.0.1']);
    t.after(() => discovery.stop());
    discovery.start();
    assert.deepEqual(time.dueIn, [1000, 3000, 5000, 60_000]);
    time.pass(3000);
    assert.deepEqual(time.dueIn, [2000, 57_000]);
    time.pass(2000);
    assert.deepEqual(time.dueIn, [5000, 55_000]);
    time.pass(55_000);
    assert.deepEqual(time.dueIn, [5000, 60_000]);
    const stopped = discovery.stop();
    assert.deepEqual(time.dueIn, [200], 'what is left is the time that the goodbye may take');
    await stopped;
    assert.deepEqual(time.dueIn, []);
  });

  it('asks every minute while it is alone, otherwise four times an hour', async (t: TestContext) => {
    const query = t.mock.method(Responder.prototype, 'query');
    let isAlone = false;
    const { time, discovery } = open(['127.0.0.1'], () => isAlone);
    t.after(() => discovery.stop());
    discovery.start();
    const askedIn = (ms: number): number => {
      const before = query.mock.callCount();
      time.pass(ms);
      return query.mock.callCount() - before;
    };
    const [minute, hour] = [60_000, 3_600_000];
    assert.equal(askedIn(minute), 2, 'after a start');
    assert.equal(askedIn(hour), 4);
    isAlone = true;
    assert.equal(askedIn(10 * minute), 10);
    isAlone = false;
    assert.equal(askedIn(14 * minute), 0);
    assert.equal(askedIn(minute), 1);
    await discovery.refresh();
    assert.equal(askedIn(5000), 2, 'after a change of network');
  });

  it('looks for a missing interface until it is closed, and reports it once', async () => {
    const { time, states, discovery } = open([MISSING]);
    discovery.start();
    for (let look = 0; look < 3; look += 1) {
      assert.deepEqual(time.dueIn, [5000]);
      time.pass(5000);
    }
    assert.deepEqual(
      states.map(({ kind }) => kind),
      ['trouble'],
    );
    await discovery.stop();
    assert.deepEqual(time.dueIn, []);
  });

  it('restarts its schedule when it is opened again, however many ask for it', async (t) => {
    const { time, discovery } = open(['127.0.0.1']);
    t.after(() => discovery.stop());
    discovery.start();
    time.pass(2000);
    await Promise.all([discovery.refresh(), discovery.refresh()]);
    assert.deepEqual(time.dueIn, [1000, 3000, 5000, 60_000]);
  });
});
