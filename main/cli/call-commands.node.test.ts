import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCorridor } from '../../test/support/command-line.ts';
import { LoopbackOffice, type Member } from '../../test/support/office.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { toneWav } from '../../test/support/tone.ts';
import { serveLocalSocket } from '../transports/index.ts';

describe('the command line, with calls of real nodes', { timeout: 120_000 }, () => {
  const office = new LoopbackOffice();
  const wav = join(tempFolder('call-commands'), 'tone.wav');
  const servers: Awaited<ReturnType<typeof serveLocalSocket>>[] = [];
  let ann: Member;
  let bob: Member;
  let kim: Member;

  before(async () => {
    [ann, bob, kim] = await office.people('101', '102', '103');
    for (const { profile, node } of [ann, bob, kim])
      servers.push(await serveLocalSocket({ profile, api: node }));
    // Two nodes of one process: a recording each for a microphone. Longer than a line of the socket may otherwise be.
    writeFileSync(wav, Buffer.from(toneWav(20_000), 'base64'));
  });
  after(async () => {
    for (const server of servers) await server.close();
    await office.stop();
  });

  /** What the command printed, at this member’s computer. */
  const corridor = async (at: Member, ...words: readonly string[]): Promise<string> => {
    const { exit, printed } = await runCorridor(at.profile, ...words);
    return `${printed}${exit === 0 ? '' : `exit ${exit}`}`.trim();
  };
  const rings = (at: Member) =>
    at.untilAfter(
      at.events.length,
      (event) => event.type === 'status' && event.status.calls.some(({ state }) => state === 'ringing'),
    );

  it('calls, answers, mutes, holds and hangs up, and says what is so', async () => {
    const ringing = rings(bob);
    const called = corridor(ann, 'call', '102', '--file', wav);
    await Promise.race([ringing, called.then((printed) => assert.fail(printed))]);
    assert.equal(await corridor(bob, 'answer', '--file', wav), `${ann.name} (101) is in a call with you`);
    assert.equal(await called, `in a call with ${bob.name} (102)`, 'it waited until the call was answered');
    assert.equal(await corridor(bob, 'mute'), `${ann.name} (101) is in a call with you; you are muted`);
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
    assert.equal(await corridor(kim, 'answer', '--file', wav), `${bob.name} (102) is in a call with you`);
    await ann.untilAfter(
      ann.events.length - 1,
      (event) => event.type === 'status' && event.status.calls.length === 0,
    );
    assert.match(await corridor(ann, 'transfer', '103'), /There is no such call\.\nexit 1$/);
    assert.equal(await corridor(bob, 'hangup'), 'no call');
  });

  it('says that a call is not taken, and lists it', async () => {
    const ringing = rings(bob);
    const called = corridor(ann, 'call', '102');
    await Promise.race([ringing, called.then((printed) => assert.fail(printed))]);
    assert.equal(await corridor(bob, 'hangup'), 'no call');
    assert.equal(await called, `${bob.name} (102) does not take the call now`);
    assert.match(await corridor(bob, 'missed'), /^\d\d:\d\d:\d\d {2}.* \(101\)$/);
    assert.equal(await corridor(bob, 'missed', '--forget'), 'nobody');
    assert.equal(await corridor(ann, 'hangup'), 'no call', 'and puts away why there is none');
  });
});
