import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from './arguments.ts';
import { parseDeepLink } from './deep-link.ts';

const CODE = 'AbCdEfGhIjKlMnOpQrStUvWx-_0123456789AbCdEfGhIjKl';
const LINK = `corridor://join/${CODE}`;

test('a join link proposes itself unchanged', () => {
  for (const text of [LINK, `${LINK}/`, `CORRIDOR://Join/${CODE}`]) {
    assert.deepEqual(parseDeepLink(text), { kind: 'join', link: LINK }, text);
  }
});

test('a dial link names an extension', () => {
  assert.deepEqual(parseDeepLink('corridor://dial/204'), { kind: 'dial', extension: '204' });
  assert.deepEqual(parseDeepLink('corridor://dial/20/'), { kind: 'dial', extension: '20' });
  const written = [
    '(204)',
    '2-04',
    '2.04',
    '%282%2004%29',
    '２０４',
    '%EF%BC%92%EF%BC%90%EF%BC%94',
    '\u0662\u0660\u0664',
  ];
  for (const text of [...written, '\u2068204\u2069', '%E2%81%A8204%E2%81%A9', 'tel:204'])
    assert.deepEqual(parseDeepLink(`corridor://dial/${text}`), { kind: 'dial', extension: '204' }, text);
});

test('any other text is no link', () => {
  const hostile: readonly unknown[] = [
    undefined,
    null,
    42,
    {},
    [LINK],
    '',
    'corridor:',
    'corridor://',
    'corridor://join/',
    `corridor://join/${CODE}x`,
    `corridor://join/${CODE.slice(1)}`,
    `corridor://join/${CODE.slice(1)}%`,
    `corridor://join/${CODE}?office=new`,
    `corridor://join/${CODE}#x`,
    `corridor://join/../${CODE}`,
    `corridor://user@join/${CODE}`,
    `corridor://join:1/${CODE}`,
    `corridor:join/${CODE}`,
    ` ${LINK}`,
    `${LINK}\n`,
    `${LINK}\n--no-sandbox`,
    `${LINK}" --profile=/tmp/x "`,
    `http://example.org/${LINK}`,
    `file:///etc/passwd#${LINK}`,
    'corridor://dial/1',
    'corridor://dial/1234567',
    'corridor://dial/%234821',
    'corridor://dial/#4821',
    'corridor://dial/%2',
    'corridor://dial/%00204',
    'corridor://dial/204%00',
    'corridor://dial/%2A72',
    'corridor://dial/dana',
    'corridor://dial/204/205',
    'corridor://dial/204 ',
    'corridor://dial/-1',
    'corridor://play/4821',
    'javascript:alert(1)',
    `corridor://join/${'A'.repeat(1_000_000)}`,
    'corridor://dial/204\u0000',
    '\u202Ecorridor://dial/204',
  ];
  for (const text of hostile) assert.equal(parseDeepLink(text), undefined, String(text).slice(0, 60));
});

test('the command line names the link that starts the app', () => {
  const before = ['--no-first-run', '/opt/app', '--profile', '/tmp/mine'];
  assert.deepEqual(parseArguments([...before, LINK]).link, { kind: 'join', link: LINK });
  assert.deepEqual(parseArguments([...before, '--', 'corridor://dial/204']).link, {
    kind: 'dial',
    extension: '204',
  });
  assert.equal(parseArguments([...before, 'corridor://dial/x']).link, undefined);
  const office = parseArguments([...before, '--office', LINK, '--hidden']);
  assert.deepEqual([office.office, office.link, office.hidden], [LINK, undefined, true]);
});

test('a link cannot add options to the command line', () => {
  const mine = ['--profile', '/tmp/mine'];
  const theirs = ['--profile', '/tmp/theirs', '--name=Mallory', '--office=new', '--hidden'];
  const plain = parseArguments(mine);
  assert.deepEqual(parseArguments([...mine, LINK, ...theirs]), { ...plain, link: parseDeepLink(LINK) });
  assert.deepEqual(parseArguments([...mine, '--', ...theirs]), plain);
  assert.deepEqual(parseArguments([...mine, '"corridor://dial/2', ...theirs]), plain);
});
