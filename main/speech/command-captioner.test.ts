import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import {
  LIVE_POCKETSPHINX,
  missingPocketSphinx,
  PHRASES,
  rightWords,
  spokenPhrase,
} from '../../test/support/pocketsphinx.ts';
import { refused } from '../../test/support/refused.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { CommandCaptioner, type CaptionLimits } from './command-captioner.ts';
import { Captions } from './test-captions.ts';
import { engineScript, stateOf } from './test-engines.ts';

const listen = (t: TestContext, body: string, limits: Partial<CaptionLimits> = {}): Captions =>
  new Captions(t, new CommandCaptioner(`"${engineScript('fake', body)}"`, limits));
/** A program that says after each second of sound how much it has heard, and at the end how much in all. */
const COUNTS = `
let bytes = 0, told = 0;
process.stdin.on('data', (chunk) => {
  bytes += chunk.length;
  for (; bytes >= (told + 1) * 32000; told++) console.log(JSON.stringify({ partial: 'second ' + (told + 1) }));
});
process.stdin.on('end', () => console.log('samples ' + bytes / 2));`;

test('a command reads 16 kHz while somebody speaks, and says what it hears before they end', async (t) => {
  const captions = listen(t, COUNTS);
  captions.speak(2.5);
  await eventually(() => captions.said.includes('second 2…'), 'it says something meanwhile');
  assert.equal(captions.ends, 0);
  captions.speech.end();
  assert.equal(await captions.ended, undefined);
  const last = captions.said.at(-1)!;
  const samples = Number(last.replace('samples ', ''));
  assert.ok(samples > 39_900 && samples <= 40_000, last);
});

test('it has the lowest priority', { skip: process.platform === 'win32' }, async (t) => {
  // It becomes nice just after its start.
  const captions = listen(
    t,
    `
    const look = () => require('node:os').getPriority() === 19 ? console.log('nice') : setTimeout(look, 5);
    look(); process.stdin.resume();`,
  );
  await eventually(() => captions.said.includes('nice'), 'it is nice');
  captions.speech.end();
  assert.equal(await captions.ended, undefined);
});

test('one that crashes, ends early, prints garbage, a flood or a line without an end, is over with one sentence', async (t) => {
  const table: readonly (readonly [body: string, code: string, sentence: RegExp])[] = [
    ['process.kill(process.pid, "SIGSEGV")', 'engine-failed', /fake ended with an error/],
    ['console.error("no model"); process.exitCode = 3', 'engine-failed', /\(no model\)/],
    ['process.exitCode = 0', 'engine-ended-early', /while somebody was still speaking/],
    ['process.stdout.write(Buffer.alloc(5000, 0xfe) + "\\n"); process.stdin.resume()', 'engine-garbage', /./],
    ['process.stdout.write("{nothing}\\n"); process.stdin.resume()', 'engine-garbage', /./],
    ['process.stdout.write("a".repeat(2_000_000)); process.stdin.resume()', 'engine-too-much', /./],
    ['process.stdout.write("word\\n".repeat(2_000_000)); process.stdin.resume()', 'engine-too-much', /./],
  ];
  for (const [body, code, sentence] of table) {
    const captions = listen(t, body);
    captions.speak(1);
    assert.equal(await captions.ended, code, body);
    assert.match(captions.sentence, sentence);
    // What is spoken from now on goes nowhere.
    captions.speak(1);
    captions.speech.end();
    assert.equal(captions.ends, 1, body);
  }
});

test('one that cannot be started says so, and speech goes on', async (t) => {
  const captions = new Captions(t, new CommandCaptioner('/nowhere/live'));
  captions.speak(1);
  assert.equal(await captions.ended, 'engine-missing');
  captions.speak(1);
  const quoted = new CommandCaptioner('live "--model');
  assert.throws(() => new Captions(t, quoted), refused('command-quote'));
});

test('one that takes no sound is ended after a while, and speech waits for it at no time', async (t) => {
  const captions = listen(t, 'setInterval(() => 0, 1000)', { stalledMs: 300 });
  // More than any pipe holds.
  captions.speak(120);
  assert.equal(await captions.ended, 'engine-slow');
  assert.equal(captions.ends, 1);
});

test('one that does not end with the speech is ended a while after it', async (t) => {
  const captions = listen(t, 'process.stdin.resume(); setInterval(() => 0, 1000)', { endMs: 300 });
  captions.speak(0.5);
  captions.speech.end();
  assert.equal(await captions.ended, 'engine-slow');
});

test('one that was slow for a while hears what is spoken then, not what was long ago', async (t) => {
  const mark = join(tempFolder('engine'), 'go');
  const captions = listen(
    t,
    `
    const { existsSync } = require('node:fs');
    const wait = setInterval(() => { if (existsSync(${JSON.stringify(mark)})) { clearInterval(wait); read(); } }, 20);
    function read() { ${COUNTS} }`,
  );
  captions.speak(300);
  writeFileSync(mark, '');
  captions.speech.end();
  assert.equal(await captions.ended, undefined);
  const samples = Number(captions.said.at(-1)!.replace('samples ', ''));
  // What pipes hold, and five seconds.
  assert.ok(samples >= 80_000 && samples < 100 * 16_000, `${samples}`);
});

test('one that nobody wants any more ends at once, with all that it has started, and says nothing', async (t) => {
  const path = join(tempFolder('pid'), 'pid');
  const captioner = new CommandCaptioner(
    `"${engineScript('fake', 'require("node:fs").writeFileSync(process.argv[2], String(process.pid)); console.log("a"); process.stdin.resume()')}" "${path}"`,
  );
  const captions = new Captions(t, captioner);
  captions.speak(1);
  await eventually(() => captions.said.length === 1 && existsSync(path), 'it runs');
  captioner.close();
  await eventually(() => stateOf(Number(readFileSync(path, 'utf8'))) === undefined, 'it has ended');
  captions.speak(1);
  captions.speech.end();
  assert.equal(captions.ends, 0);
});

test(
  'PocketSphinx understands much of what is said before it has ended',
  { skip: missingPocketSphinx() ?? false },
  async (t) => {
    const dir = tempFolder('speech');
    const captions = new Captions(t, new CommandCaptioner(LIVE_POCKETSPHINX));
    for (const phrase of PHRASES) {
      captions.speech.put(spokenPhrase(dir, phrase));
      const areRight = () => rightWords(captions.said.join(' '), phrase) >= 4;
      await eventually(areRight, () => captions.said.join(' / '), 120_000);
    }
    assert.equal(captions.ends, 0);
    captions.speech.end();
    assert.equal(await captions.ended, undefined);
  },
);
