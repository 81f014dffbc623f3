import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';

describe('a person who goes into another office', { timeout: 240_000 }, () => {
  const left = new LoopbackOffice();
  const joined = new LoopbackOffice();
  let ann: Member;
  let fay: Member;

  before(async () => {
    ann = await left.add('101', { name: 'Ann' });
    await left.add('102', { name: 'Bob' });
    await left.settled();
    fay = await joined.add('102', { name: 'Fay' });
    const { link } = await fay.node.call('joinLink');
    const { endpoints } = await fay.node.call('status');
    await ann.node.call('addAddress', { address: `127.0.0.1:${endpoints?.beat}` });
    await ann.node.call('setup', { office: link, name: 'Ann', extension: '102' });
    await fay.untilSo(({ type }) => type === 'people');
  });
  after(() => Promise.all([left.stop(), joined.stop()]));

  const names = async ({ node }: Member) => (await node.call('people')).map(({ name }) => name);

  it('sees its people alone, and shows them nobody of the office that was left', async () => {
    await eventually(async () => (await names(fay)).length > 0 && (await names(ann)).length > 0, 'they meet');
    assert.deepEqual(await names(ann), ['Fay']);
    assert.deepEqual(await names(fay), ['Ann']);
  });

  it('gets the lowest free number where theirs belongs to somebody there, who keeps it', async () => {
    assert.equal((await ann.node.call('status')).node?.extension, '101');
    assert.equal((await fay.node.call('status')).node?.extension, '102');
    await assert.rejects(ann.node.call('setup', { name: 'Ann', extension: '102' }), {
      code: 'extension-taken',
    });
    for (const { node } of [ann, fay]) assert.deepEqual((await node.call('status')).troubles, []);
  });
});
