import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Health, NodeHealth } from '../../preload/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { officeFor } from '../../test/support/office.ts';

it('every node of an office knows the switch, the standby, and the way to every other node', async (t) => {
  const members = await officeFor(t).people('101', '102', '103');
  let seen: Health[] = [];
  const agreed = (id: (health: Health) => string | undefined): boolean =>
    new Set(seen.map(id)).size === 1 && seen.every((health) => id(health) !== undefined);
  // The standby is elected after the switch; what a busy computer answered late counts as lost for some seconds.
  await eventually(async () => {
    seen = await Promise.all(members.map(({ node }) => node.call('health')));
    return (
      agreed((health) => health.switch?.id) &&
      agreed((health) => health.standby?.id) &&
      seen.every(({ nodes }) => nodes.every(({ latencyMs, loss }) => latencyMs !== null && loss === 0))
    );
  }, 'all agree on switch and standby, and every way is measured');
  assert.equal(seen.filter((health) => health.switch?.self).length, 1);
  for (const health of seen) {
    assert.equal(health.nodes.length, 2);
    for (const node of health.nodes) {
      assert.ok(node.online && node.address === '127.0.0.1' && /^Person 10[123]$/.test(node.name));
      assert.ok(node.latencyMs !== null && node.latencyMs >= 0, String(node.latencyMs));
    }
    // A busy computer answers late, and may have no multicast.
    const failing = health.checks.filter(({ ok, code }) => !ok && code !== 'multicast' && code !== 'network');
    assert.deepEqual(failing, []);
  }
});

it('a colleague who is gone is offline, and nothing is measured of the way there', async (t) => {
  const office = officeFor(t);
  const [ann, bob] = await office.people('101', '102');
  await office.close(bob);
  let gone: NodeHealth | undefined;
  await eventually(async () => {
    [gone] = (await ann.node.call('health')).nodes;
    return gone?.online === false;
  }, 'Ann sees that Bob is gone');
  assert.deepEqual([gone?.extension, gone?.latencyMs, gone?.loss, gone?.address], ['102', null, null, null]);
});
