import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { MessageSummary, NodeApi, Person } from '../../preload/api.ts';
import { isIn } from '../../test/support/calls.ts';
import { runCorridor } from '../../test/support/command-line.ts';
import { eventually } from '../../test/support/eventually.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { toneWav } from '../../test/support/tone.ts';
import { serveLocalSocket } from '../transports/index.ts';

describe('the command line, with calls of real nodes', { timeout: 240_000 }, () => {
  const office = new LoopbackOffice();
  const dir = tempFolder('call-commands');
  const [wav, short] = [join(dir, 'tone.wav'), join(dir, 'short.wav')];
  let ann: Member;
  let bob: Member;
  let kim: Member;

  before(async () => {
    [ann, bob, kim] = await office.people('101', '102', '103');
    await office.serve(ann, bob, kim);
    // Two nodes of one process: a recording each for a microphone. Longer than a line of the socket may otherwise be.
    writeFileSync(wav, Buffer.from(toneWav(20_000), 'base64'));
    writeFileSync(short, Buffer.from(toneWav(500), 'base64'));
  });
  after(() => office.stop());

  /** What the command printed, at this member’s computer. */
  const corridor = async (at: Member, ...words: readonly string[]): Promise<string> => {
    const { exit, printed } = await runCorridor(at.profile, ...words);
    return `${printed}${exit === 0 ? '' : `exit ${exit}`}`.trim();
  };
  const rings = (at: Member) => at.untilAfter(at.events.length, isIn('ringing'));

  const personAt = async (at: Member, of: Member): Promise<Person> => {
    const found = (await at.node.call('people')).find(({ extension }) => extension === of.extension);
    assert.ok(found);
    return found;
  };

  it('calls, answers, mutes, holds and hangs up, and says what is so', async () => {
    const ringing = rings(bob);
    const called = corridor(ann, 'call', '102', '--file', wav);
    await Promise.race([ringing, called.then((printed) => assert.fail(printed))]);
    assert.equal(await corridor(bob, 'answer', '--file', wav), `${ann.name} (101) is in a call with you`);
    assert.equal(await called, `in a call with ${bob.name} (102)`, 'it waited until the call was answered');
    assert.equal(await corridor(bob, 'mute'), `${ann.name} (101) is in a call with you; you are muted`);
    assert.equal(await corridor(bob, 'unmute'), `${ann.name} (101) is in a call with you`);
    assert.match(
      await corridor(bob, 'silence', '101'),
      new RegExp(
        `^Messages of ${ann.name} wait silently until .*\nYou do not hear ${ann.name} in this call\\.$`,
      ),
    );
    const muted = `${ann.name} (101) is in a call with you; you are muted; you muted them, and do not hear them`;
    assert.equal(await corridor(bob, 'mute'), muted);
    assert.equal(await corridor(bob, 'silence', '101', '--off'), `You hear ${ann.name} again.`);
    assert.equal(await corridor(bob, 'volume', '101', '50'), `You hear ${ann.name} at 50 %.`);
    assert.equal(await corridor(bob, 'unmute'), `${ann.name} (101) is in a call with you`);
    assert.equal(await corridor(ann, 'hold'), `in a call with ${bob.name} (102); held`);
    assert.equal(await corridor(ann, 'resume'), `in a call with ${bob.name} (102)`);
    assert.equal(await corridor(ann, 'hangup'), 'no call');
    assert.match(await corridor(ann, 'mute'), /There is no such call\.\nexit 1$/);
  });

  it('puts whom one talks with through to a colleague', async () => {
    const ringing = rings(bob);
    const called = corridor(ann, 'call', '102', '--file', wav);
    await Promise.race([ringing, called.then((printed) => assert.fail(printed))]);
    await corridor(bob, 'answer', '--file', wav);
    await called;
    const ringsAtKim = rings(kim);
    assert.equal(
      await corridor(ann, 'transfer', '103'),
      `in a call with ${bob.name} (102); held; being put through to ${kim.name} (103)`,
    );
    await ringsAtKim;
    await eventually(
      async () => (await kim.node.call('status')).calls.some(({ putThroughBy }) => putThroughBy !== null),
      'Ann’s computer has told Kim’s',
    );
    assert.match(
      await corridor(kim, 'status'),
      new RegExp(`call +${bob.name} \\(102\\) calls you; ${ann.name} puts ${bob.name} through$`, 'm'),
    );
    assert.equal(await corridor(kim, 'answer', '--file', wav), `${bob.name} (102) is in a call with you`);
    await ann.untilAfter(
      ann.events.length - 1,
      (event) => event.type === 'status' && event.status.calls.length === 0,
    );
    assert.match(await corridor(ann, 'transfer', '103'), /There is no such call\.\nexit 1$/);
    assert.equal(await corridor(bob, 'hangup'), 'no call');
  });

  it('calls whoever is talking, whose message ends and is heard; it needs no number', async () => {
    assert.match(await corridor(ann, 'call'), /Whom\? For example: corridor call 102[^]*exit 2$/);
    assert.match(
      await corridor(ann, 'call', '102', '--reply'),
      /--reply goes without an extension[^]*exit 2$/,
    );
    // He is there, whatever he diverted.
    await bob.node.call('setDivert', { person: (await personAt(bob, kim)).id });
    await eventually(
      async () => (await personAt(ann, bob)).divertedTo !== null,
      'Ann knows that Bob is diverted',
    );
    const { id } = await bob.node.call('talkRecording', { dial: '101', wavBase64: toneWav(20_000) });
    await ann.untilSo((event) => event.type === 'sounding' && event.id === id);
    const ringing = rings(bob);
    const called = corridor(ann, 'call', '--reply', '--file', wav);
    await Promise.race([ringing, called.then((printed) => assert.fail(printed))]);
    assert.notEqual((await bob.node.call('status')).talking, null, 'he talks on while it rings');
    await bob.node.call('controlCall', { action: 'answer', wavBase64: toneWav(20_000) });
    assert.equal(await called, `in a call with ${bob.name} (102)`);
    const isHeard = (event: (typeof bob.events)[number]): boolean =>
      event.type === 'message' && event.message.id === id && event.message.recipients[0]?.state === 'heard';
    await bob.untilSo(isHeard);
    let kept: MessageSummary | undefined;
    await eventually(
      async () => {
        [kept] = await ann.node.call('messages');
        return kept?.heard === true && kept.complete && !kept.live;
      },
      () => `it is whole at Ann’s: ${JSON.stringify(kept)}`,
    );
    assert.ok(kept && kept.durationMs < 20_000, `it ended with the call, after ${kept?.durationMs} ms`);
    assert.ok(!ann.events.some(({ type }) => type === 'notification'));
    await bob.node.call('setDivert', { person: null });
    await eventually(async () => (await personAt(ann, bob)).divertedTo === null, 'and that he is no more');
    await ann.node.call('controlCall', { action: 'hang-up' });
  });

  it('who talks to somebody and calls them has said a whole message', async () => {
    const { id } = await ann.node.call('talkRecording', { dial: '102', wavBase64: toneWav(20_000) });
    await bob.untilSo((event) => event.type === 'sounding' && event.id === id);
    const ringing = rings(bob);
    await ann.node.call('startCall', { dial: '102' });
    await ringing;
    await bob.untilSo((event) => event.type === 'message' && event.message.id === id && event.message.heard);
    assert.equal((await ann.node.call('status')).talking, null);
    await ann.node.call('controlCall', { action: 'hang-up' });
    const isMissed = async () => (await bob.node.call('status')).missedCalls.length > 0;
    await eventually(isMissed, 'Bob missed her call');
    await bob.node.call('forgetMissedCalls', {});
  });

  it('says that a call is not taken, and lists it', async () => {
    const ringing = rings(bob);
    const called = corridor(ann, 'call', '102');
    await Promise.race([ringing, called.then((printed) => assert.fail(printed))]);
    assert.equal(await corridor(bob, 'hangup'), 'no call');
    const [notTaken, way = '', ...rest] = (await called).split('\n');
    assert.deepEqual([notTaken, rest], [`${bob.name} (102) does not take the call now`, []]);
    assert.equal(way, 'To leave a message: corridor talk 102');
    const [, pasted = ''] = way.split('corridor ');
    assert.match(await corridor(ann, ...pasted.split(' '), '--file', short), /heard it|has it/);
    await eventually(
      async () =>
        (await bob.node.call('messages')).some(({ complete, name }) => complete && name === ann.name),
      'Bob has the message',
    );
    assert.match(await corridor(bob, 'missed'), /^\d\d:\d\d:\d\d {2}.* \(101\)$/);
    assert.equal(await corridor(bob, 'missed', '--forget'), 'nobody');
    assert.equal(await corridor(ann, 'hangup'), 'no call', 'and puts away why there is none');
  });

  it('calls a further colleague into the call, and brings the call that is held into it', async () => {
    const inCallWith = (...names: readonly string[]) => ({
      test: (printed: string) => names.every((name) => printed.includes(`in a call with ${name}`)),
    });
    const isOfThree = (at: Member) =>
      eventually(
        async () =>
          (await at.node.call('status')).calls.filter(({ state }) => state === 'active').length === 2,
        `${at.name} hears two`,
      );
    assert.match(
      await corridor(ann, 'call', '103', '--add'),
      /You are in no call\. Call somebody first: corridor call 102[^]*exit 2$/,
    );
    let ringing = rings(bob);
    let called = corridor(ann, 'call', '102', '--file', wav);
    await Promise.race([ringing, called.then((printed) => assert.fail(printed))]);
    await corridor(bob, 'answer', '--file', wav);
    await called;
    ringing = rings(kim);
    called = corridor(ann, 'call', '103', '--add', '--file', wav);
    await Promise.race([ringing, called.then((printed) => assert.fail(printed))]);
    await corridor(kim, 'answer', '--file', wav);
    const printed = await called;
    assert.ok(inCallWith(`${bob.name} (102)`, `${kim.name} (103)`).test(printed), printed);
    for (const at of [ann, bob, kim]) await isOfThree(at);
    assert.equal(await corridor(kim, 'hangup'), 'no call');

    called = corridor(kim, 'call', '101', '--file', wav);
    await eventually(
      async () => (await ann.node.call('status')).calls.some(({ isIncoming }) => isIncoming),
      'Kim waits',
    );
    await corridor(ann, 'answer', '--file', wav);
    await called;
    await corridor(ann, 'merge');
    for (const at of [ann, bob, kim]) await isOfThree(at);
    for (const at of [ann, bob, kim]) await corridor(at, 'hangup');
    await eventually(async () => (await ann.node.call('status')).calls.length === 0, 'Ann is in no call');
  });

  it('takes the call that rings at a colleague of a group', async () => {
    const people = [(await personAt(ann, bob)).id, (await personAt(ann, kim)).id];
    await ann.node.call('makeGroup', { name: 'Sales', extension: '600', people });
    for (const at of [bob, kim])
      await eventually(async () => (await at.node.call('groups')).length === 1, `${at.name} knows the group`);
    assert.match(await corridor(kim, 'pickup'), /exit 1$/);
    const ringing = rings(bob);
    const called = corridor(ann, 'call', '102', '--file', wav);
    await Promise.race([ringing, called.then((printed) => assert.fail(printed))]);
    await corridor(kim, 'pickup');
    await eventually(
      async () =>
        (await kim.node.call('status')).calls.some(
          ({ name, state }) => name === ann.name && state === 'active',
        ),
      'Kim talks with Ann',
    );
    assert.doesNotMatch(await called, /exit|To leave a message/, 'somebody took it');
    assert.equal(await corridor(kim, 'hangup'), 'no call');
  });

  it('says so where the node ends while it rings', async (t) => {
    const dan = await office.add('104');
    t.after(() => office.close(dan));
    await office.settled();
    const { node, profile } = dan;
    /** The command listens to events while it waits for the answer. */
    const onEvent: NodeApi['onEvent'] = (seen) => {
      setImmediate(() => void server.close());
      return node.onEvent(seen);
    };
    const server = await serveLocalSocket({
      profile,
      api: { call: (method, args) => node.call(method, args), onEvent },
    });
    t.after(() => server.close());
    const { exit, printed } = await runCorridor(profile, 'call', '102', '--file', wav);
    assert.match(printed, /Corridor ended meanwhile\. Start it again: corridor node$/m);
    assert.equal(exit, 3);
  });
});
