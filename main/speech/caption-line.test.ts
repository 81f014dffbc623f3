import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captionLine } from './caption-line.ts';
import { CorridorError } from '../model/index.ts';

const said = (line: string) => captionLine('engine', line);

test('a line of text is a phrase; a JSON line says whether the phrase goes on', () => {
  assert.deepEqual(said('the parcel is here'), { text: 'the parcel is here', isWhole: true });
  assert.deepEqual(said('{"text":"the parcel"}'), { text: 'the parcel', isWhole: true });
  assert.deepEqual(said('{"partial":"the par"}'), { text: 'the par', isWhole: false });
  assert.deepEqual(said('{"partial":""}'), { text: '', isWhole: false });
  const sphinx =
    '{"b":0.5,"d":2.1,"p":0.9,"t":"<sil> go forward ++NOISE++","w":[{"t":"go","b":0.5,"d":0.2}]}';
  assert.deepEqual(said(sphinx), { text: 'go forward', isWhole: true });
});

test('a line without words says nothing', () => {
  for (const line of ['', '  \t', '{"text":""}', '{"t":"<sil>"}', '{"text":"[noise]"}'])
    assert.equal(said(line), undefined, line);
});

test('what would reorder the text around it, or is none, is not in a caption', () => {
  assert.equal(said('a\u202Eb\u0007c')?.text, 'a b c');
  assert.equal(said('{"text":"a\\u202eb\\u0000\\n c"}')?.text, 'a b c');
  assert.equal(said('می\u200Cخواهم')?.text, 'می\u200Cخواهم');
});

test('a phrase has a thousand characters at most', () => {
  assert.equal(said('x'.repeat(5000))?.text.length, 1000);
  assert.equal(said(JSON.stringify({ partial: 'x'.repeat(5000) }))?.text.length, 1000);
});

test('garbage is refused', () => {
  const garbage = [
    '{"word":',
    '{"result":[]}',
    '{"text":5}',
    '{"partial":null}',
    '\u0000\u0001\u0002\u0003ELF',
  ];
  for (const line of garbage)
    assert.throws(
      () => said(line),
      (error) => error instanceof CorridorError && error.code === 'engine-garbage',
      line,
    );
});
