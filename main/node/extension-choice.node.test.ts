import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { LoopbackOffice, WORKER, type Member } from '../../test/support/office.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { startNode, type CorridorNode, type NodeOptions } from './index.ts';

describe('a person who joins without an extension', { timeout: 60_000 }, () => {
  let office: LoopbackOffice;
  let joined: CorridorNode[];
  const startedAt = Date.now();
  let ann: Member;
  let link: string;

  beforeEach(async () => {
    office = new LoopbackOffice();
    joined = [];
    ann = await office.add('101');
    await office.add('103');
    await office.settled();
    ({ link } = await ann.node.call('joinLink'));
  });
  afterEach(async () => {
    for (const node of joined) await node.close();
    await office.stop();
  });

  async function joinAs(
    name: string,
    given: Partial<Pick<NodeOptions, 'office' | 'extension' | 'addresses' | 'profile'>>,
  ) {
    const profile = given.profile ?? tempFolder('joins');
    const node = await startNode({
      ...given,
      ...{ profile, name, workerPath: WORKER, interfaces: ['127.0.0.1'], ready: 'cold' },
      speaker: `file:${join(profile, 'heard.wav')}`,
      log: () => undefined,
    });
    joined.push(node);
    return { node, profile };
  }

  /** An extension that nobody chose is claimed at a time, once nobody else has come with the same. */
  function claimed(profile: string): Promise<void> {
    const file = join(profile, 'settings.json');
    return eventually(async () => {
      const { claimedAt } = JSON.parse(await readFile(file, 'utf8')) as { claimedAt: number };
      return claimedAt > startedAt && claimedAt <= Date.now();
    }, 'the extension is claimed');
  }

  async function addresses(): Promise<string[]> {
    return [`127.0.0.1:${(await ann.node.call('status')).endpoints?.beat}`];
  }

  async function extensionOf(node: CorridorNode): Promise<string | undefined> {
    return (await node.call('status')).node?.extension;
  }

  it('gets the lowest free one within a second, and nobody loses theirs or sees a clash', async () => {
    const { node, profile } = await joinAs('Bo', { office: link, addresses: await addresses() });
    assert.equal(await extensionOf(node), '102');
    assert.deepEqual((await node.call('status')).troubles, []);
    await ann.untilSo(
      (event) =>
        event.type === 'people' &&
        event.people.map(({ name, extension }) => `${name} ${extension}`).join() === 'Bo 102,Person 103 103',
    );
    assert.deepEqual((await ann.node.call('status')).troubles, []);
    // It stays theirs: also where they come back to an office in which it would not be the lowest.
    await claimed(profile);
    joined.splice(joined.indexOf(node), 1);
    await node.close();
    const back = await joinAs('Bo', { office: link, addresses: await addresses(), profile });
    assert.equal(await extensionOf(back.node), '102');
  });

  it('gets another one than a person who joins at the same moment', async () => {
    const given = { office: link, addresses: await addresses() };
    const [cy, di] = await Promise.all([joinAs('Cy', given), joinAs('Di', given)]);
    const wanted = ['102', '104'];
    await eventually(async () => {
      const got = [await extensionOf(cy.node), await extensionOf(di.node)].sort();
      return got.join() === wanted.join();
    }, 'each has one of the two');
    for (const { profile } of [cy, di]) await claimed(profile);
    for (const { node } of [cy, di]) assert.deepEqual((await node.call('status')).troubles, []);
  });

  it('gets 101 in an office that they create', async () => {
    const { node } = await joinAs('Ed', { office: 'new' });
    assert.equal(await extensionOf(node), '101');
  });

  it('keeps it where only the name changes, and keeps a number that they chose even where it is taken', async () => {
    const { node } = await joinAs('Fay', { office: link, addresses: await addresses() });
    assert.equal(await extensionOf(node), '102');
    await node.call('setup', { name: 'Fay Ray' });
    assert.equal(await extensionOf(node), '102');
    await node.call('setup', { name: 'Fay Ray', extension: '200' });
    // Ann, who is told of it, finds it free: nothing is left to come that would change it.
    await ann.untilSo(
      (event) =>
        event.type === 'people' &&
        event.people.some(({ name, extension }) => name === 'Fay Ray' && extension === '200'),
    );
    assert.equal(await extensionOf(node), '200');
    const { node: gus } = await joinAs('Gus', {
      office: link,
      extension: '101',
      addresses: await addresses(),
    });
    await eventually(
      async () => (await gus.call('status')).troubles[0]?.code === 'extension-taken',
      'a clash of a chosen number is told',
    );
    assert.equal(await extensionOf(gus), '101');
  });
});
