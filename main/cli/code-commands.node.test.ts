import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { runCorridor } from '../../test/support/command-line.ts';
import { eventually } from '../../test/support/eventually.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';
import { ownPerson } from '../../test/support/people.ts';
import { story } from '../../test/support/story.ts';

describe('admins change the codes of their office', { timeout: 240_000 }, () => {
  const office = new LoopbackOffice();
  let ann: Member;
  let bob: Member;

  const says = async (member: Member, pattern: RegExp, ...args: string[]): Promise<void> => {
    const { exit, printed } = await runCorridor(member.profile, ...args);
    assert.equal(exit, 0, printed);
    assert.match(printed, pattern);
  };
  const refuses = async (member: Member, pattern: RegExp, ...args: string[]): Promise<void> => {
    const { exit, printed } = await runCorridor(member.profile, ...args);
    assert.match(printed, pattern);
    assert.equal(exit, 1, printed);
  };
  const presence = async ({ node }: Member) => (await node.call('status')).presence;
  const previewCode = async ({ node }: Member, dial: string) =>
    (await node.call('dialPreview', { dial })).phrase.code;

  before(async () => {
    ann = await office.add('101', { name: 'Ann' });
    bob = await office.add('102', { name: 'Bob' });
    await office.add('204', { name: 'Dana' });
    await office.settled();
    await office.serve(ann, bob);
  });
  after(() => office.stop());

  const step = story('a code is changed, and what was its own is dialled by others from then on');

  step('the change holds at every node, for what is typed already, and the old code is free', async () => {
    await says(bob, /^undisturbed +\*78 +Turns do not disturb on\.$/m, 'codes');
    assert.equal(await previewCode(bob, '*11'), 'dial-nobody');
    await says(
      ann,
      /^undisturbed +\*11 +Turns do not disturb on\. Usually \*78\.\n$/,
      'codes',
      'set',
      'undisturbed',
      '*11',
    );
    const isThere = async () => (await previewCode(bob, '*11')) === 'dial-do-not-disturb';
    await eventually(isThere, 'Bob’s node has heard of it');
    assert.equal(await previewCode(bob, '*78'), 'dial-nobody');
    await says(bob, /^\*11 +Turns do not disturb on\. Usually \*78\.$/m, 'dial-plan');
    await says(bob, /Nobody disturbs you from then on/, 'dial', '*11');
    assert.equal(await presence(bob), 'dnd');
    const told = (event: (typeof bob.events)[number]) =>
      event.type === 'dial-plan' &&
      event.plan.some(({ name, code }) => name === 'undisturbed' && code === '*11');
    await bob.untilSo(told);
    // The code that is not used any more is a mailbox again.
    await ann.node.call('makeGroup', {
      name: 'Sales',
      extension: '78',
      people: [],
      talk: 'everybody',
      change: 'creator',
    });
  });

  step('a collision is refused with the reason, naming both', async () => {
    await refuses(
      ann,
      /\*97 is dialled already: “Plays what you have not heard\.” Choose another code\./,
      ...['codes', 'set', 'again', '*97'],
    );
    await refuses(
      ann,
      /\*4 and an extension would be dialled like \*48 and an extension: “Talks to that person/,
      ...['codes', 'set', 'divert', '*4'],
    );
    await refuses(
      ann,
      /\*204 reaches the mailbox of Dana \(204\), and \*204 would hide it\./,
      ...['codes', 'set', 'again', '*204'],
    );
    await refuses(
      ann,
      /\*78 reaches the mailbox of Sales \(78\), and \*78 would hide it\./,
      ...['codes', 'reset', 'undisturbed'],
    );
    await refuses(ann, /\*123456 cannot be a code\. A code is one digit/, 'codes', 'set', 'again', '*123456');
    await refuses(ann, /No code that can be changed is called extension\./, 'codes', 'set', 'extension', '9');
    await refuses(bob, /admin/, 'codes', 'set', 'again', '*22');
  });

  it('no number is granted whose mailbox a changed code hides', async () => {
    await says(ann, /^again +\*300/, 'codes', 'set', 'again', '*300');
    const setup = { name: 'Ann', extension: '300' };
    await assert.rejects(ann.node.call('setup', setup), {
      code: 'extension-reserved',
      message: 'Extension 300 is given to nobody, since *300 does something else. 103 is free.',
    });
    const newcomer = await office.add('300', { name: 'Cleo' });
    assert.equal((await newcomer.node.call('status')).node?.extension, '103');
    await says(ann, /^again +\*1 /, 'codes', 'reset', 'again');
    assert.equal(await previewCode(ann, '*300'), 'dial-nobody');
  });

  it('a call is dialled by whatever code the office has, and a number alone is called by none', async () => {
    await says(ann, /^call +\*3 /, 'codes', 'set', 'call', '*3');
    assert.equal(await previewCode(ann, '*3102'), 'dial-call');
    const { id } = await ann.node.call('startCall', { dial: '102' });
    await ann.node.call('controlCall', { id, action: 'hang-up' });
  });

  it('a plain member’s change counts for nothing, and an office founded anew goes by the same codes', async () => {
    await assert.rejects(bob.node.call('setCode', { row: 'again', code: '*22' }), { code: 'admins-only' });
    await ann.node.call('setCode', { row: 'undisturbed', code: '*11' });
    await ann.node.call('setCode', { row: 'call', code: '*3' });
    await ann.node.call('foundAnew', { along: [(await ownPerson(ann)).id] });
    const plan = await ann.node.call('dialPlan');
    assert.deepEqual(
      plan.flatMap(({ name, code, usualCode }) => (code === usualCode ? [] : [`${name} ${code}`])),
      ['undisturbed *11', 'call *3'],
    );
  });
});
