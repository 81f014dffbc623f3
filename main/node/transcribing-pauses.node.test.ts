import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { isIn } from '../../test/support/calls.ts';
import { engineScript } from '../../test/support/engine-script.ts';
import { eventually } from '../../test/support/eventually.ts';
import { messageOf, say } from '../../test/support/messages.ts';
import { officeFor } from '../../test/support/office.ts';
import { stateOf } from '../../test/support/process-state.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { toneWav } from '../../test/support/tone.ts';

/** Longer than any computer needs to stop a process. */
const LONG = toneWav(60_000);

/** Ann has said something to Bob, whose engine works on it until `done`. */
async function atWork(t: TestContext) {
  const [ann, bob] = await officeFor(t).people('101', '102');
  const folder = tempFolder('engine');
  const [path, gate] = [join(folder, 'pid'), join(folder, 'may-end')];
  const body = `const { existsSync, writeFileSync } = require('node:fs');
    writeFileSync(${JSON.stringify(path)}, String(process.pid));
    setInterval(() => {
      if (!existsSync(${JSON.stringify(gate)})) return;
      process.stdout.write('said');
      process.exit();
    }, 10);`;
  await bob.node.call('setSettings', { recogniser: { command: `"${engineScript('engine', body)}"` } });
  const id = await say(ann, bob, toneWav(600));
  await eventually(() => existsSync(path) && readFileSync(path, 'utf8') !== '', 'the engine works');
  const pid = Number(readFileSync(path, 'utf8'));
  const transcript = async () => (await messageOf(bob, id))?.transcript;
  return {
    ...{ ann, bob },
    /** It uses no processor, and the message says that it waits. */
    stops: async () => {
      await eventually(() => stateOf(pid) === 'T', 'the engine is stopped');
      const { state, isPaused } = (await transcript()) ?? {};
      assert.deepEqual([state, isPaused], ['working', true]);
    },
    goesOn: async () => {
      await eventually(() => ![undefined, 'T'].includes(stateOf(pid)), 'the engine goes on');
      writeFileSync(gate, '');
      await eventually(async () => (await transcript())?.text === 'said', 'it is written down');
    },
  };
}

describe('an engine that writes down what was said stops', { timeout: 120_000 }, () => {
  it('while this person’s own key is down', async (t) => {
    const { bob, stops, goesOn } = await atWork(t);
    await bob.node.call('talkRecording', { dial: '101', wavBase64: LONG });
    await stops();
    assert.notEqual((await bob.node.call('status')).talking, null, 'and the key is still down');
    await bob.node.call('talkRelease');
    await goesOn();
  });

  it('while a talker’s key is down', async (t) => {
    const { ann, stops, goesOn } = await atWork(t);
    await ann.node.call('talkRecording', { dial: '102', wavBase64: LONG });
    await stops();
    assert.notEqual((await ann.node.call('status')).talking, null, 'and the key is still down');
    await ann.node.call('talkRelease');
    await goesOn();
  });

  it('while a talker’s key is down whose voice does not sound here', async (t) => {
    const { ann, bob, stops, goesOn } = await atWork(t);
    await bob.node.call('setPresence', { presence: 'dnd' });
    await ann.node.call('talkRecording', { dial: '102', wavBase64: LONG });
    await stops();
    const { speaking } = (await bob.node.call('people')).find(({ extension }) => extension === '101')!;
    assert.equal(speaking, false, 'and nothing sounds at Bob');
    await ann.node.call('talkRelease');
    await goesOn();
  });

  it('as long as a call lasts', async (t) => {
    const { ann, bob, stops, goesOn } = await atWork(t);
    await ann.node.call('startCall', { dial: '102', wavBase64: LONG });
    await bob.untilSo(isIn('ringing'));
    await bob.node.call('controlCall', { action: 'answer', wavBase64: LONG });
    await bob.untilSo(isIn('active'));
    await stops();
    await bob.node.call('controlCall', { action: 'hang-up' });
    await goesOn();
  });
});
