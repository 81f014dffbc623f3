import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CorridorError } from '../model/index.ts';
import { readOutput } from './command-output.ts';
import { splitCommand } from './split-command.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof CorridorError) return error.code;
    throw error;
  }
  throw new Error('it was not refused');
};
const read = (output: string | Buffer): ReturnType<typeof readOutput> =>
  readOutput('fake', Buffer.from(output));

test('a command is split without a shell: nothing in it is executed or replaced but {wav}', () => {
  const table: readonly (readonly [command: string, parts: readonly string[]])[] = [
    ['recognise', ['recognise', '/w.wav']],
    ['  recognise  -x ', ['recognise', '-x', '/w.wav']],
    ['recognise --file={wav} -l de', ['recognise', '--file=/w.wav', '-l', 'de']],
    [
      '"C:\\Program Files\\w\\main.exe" -f {wav} -nt',
      ['C:\\Program Files\\w\\main.exe', '-f', '/w.wav', '-nt'],
    ],
    [`a 'it "is"' "it's" '' x""y`, ['a', 'it "is"', "it's", '', 'xy', '/w.wav']],
    [
      'a $(rm -rf /) `x`; b && c > d | e *',
      ['a', '$(rm', '-rf', '/)', '`x`;', 'b', '&&', 'c', '>', 'd', '|', 'e', '*', '/w.wav'],
    ],
    ['a ~/model "${HOME}" \\n', ['a', '~/model', '${HOME}', '\\n', '/w.wav']],
  ];
  for (const [command, parts] of table) {
    const { program, args } = splitCommand(command, '/w.wav');
    assert.deepEqual([program, ...args], parts, command);
  }
  assert.deepEqual(splitCommand("a '{wav}'", '/a b.wav').args, ['/a b.wav']);
});

test('a command that is empty, or whose quotation mark does not end, is refused', () => {
  for (const command of ['', '   ', '""', "''"])
    assert.equal(
      codeOf(() => splitCommand(command, 'w')),
      'command-empty',
    );
  for (const command of ['a "b', "it's", `"a' b`])
    assert.equal(
      codeOf(() => splitCommand(command, 'w')),
      'command-quote',
    );
});

test('printed text is the transcript, without what cannot be read', () => {
  assert.deepEqual(read('  the parcel\tis here \r\n\r\n come down\n'), {
    text: 'the parcel is here\ncome down',
    words: [],
    confidence: null,
  });
  assert.equal(read('').text, '');
  assert.equal(
    read('\u001b[0mthe parcel is here, come down please\u202E').text,
    '[0mthe parcel is here, come down please',
  );
});

test('garbage and a flood are refused', () => {
  assert.equal(
    codeOf(() => read(Buffer.from('89504e470d0a1a0a0000000d49484452ff00fe80'.repeat(20), 'hex'))),
    'engine-garbage',
  );
  assert.equal(
    codeOf(() => read('\0'.repeat(500))),
    'engine-garbage',
  );
  assert.equal(
    codeOf(() => read('word '.repeat(10_000))),
    'engine-too-much',
  );
});

test('lines of JSON are words with times', () => {
  const lines = [
    '{"word":"the","start":0.1,"end":0.25,"conf":0.9}',
    '{"word":"parcel","start":0.25,"end":0.7,"conf":0.7}',
  ];
  const { text, words, confidence } = read(lines.join('\n'));
  assert.equal(text, 'the parcel');
  assert.deepEqual(words, [
    { text: 'the', fromMs: 100, toMs: 250, confidence: 0.9 },
    { text: 'parcel', fromMs: 250, toMs: 700, confidence: 0.7 },
  ]);
  assert.equal(confidence?.toFixed(3), '0.800');
  assert.equal(read('{"word":"hm","start":2,"end":1}').words[0]?.toMs, 2000);
  assert.equal(read('{"word":"hm","start":2,"end":3}').confidence, null);
});

test('the lines of PocketSphinx 5 are words with times, without its silences and noises', () => {
  const line =
    '{"b":0.000,"d":1.560,"p":0.989,"t":"go forward","w":[{"b":0.000,"d":0.150,"p":0.998,"t":"<s>"},' +
    '{"b":0.150,"d":0.220,"p":0.920,"t":"go"},{"b":0.400,"d":0.590,"p":0.880,"t":"forward"},{"b":1.3,"d":0.2,"p":0.9,"t":"[NOISE]"}]}';
  assert.deepEqual(read(line), {
    text: 'go forward',
    words: [
      { text: 'go', fromMs: 150, toMs: 370, confidence: 0.92 },
      { text: 'forward', fromMs: 400, toMs: 990, confidence: 0.88 },
    ],
    confidence: 0.9,
  });
});

test('JSON of another form is refused, rather than shown to a person', () => {
  for (const line of [
    '{"error":"no model"}',
    '{"word":"x","start":-1,"end":2}',
    '{',
    '{"word":"x","start":1e9,"end":1e9}',
  ])
    assert.equal(
      codeOf(() => read(line)),
      'engine-garbage',
      line,
    );
});
