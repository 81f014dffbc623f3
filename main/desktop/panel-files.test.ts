import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { PANEL_URL, panelFile, readPanelFile } from './panel-files.ts';

const at = (path: string) => `corridor-panel://panel${path}`;

test('the panel gets the files of its folder', () => {
  assert.equal(panelFile('/app/renderer', PANEL_URL), '/app/renderer/index.html');
  assert.equal(panelFile('/app/renderer', at('/assets/index-a1.js?x#y')), '/app/renderer/assets/index-a1.js');
});

test('no address reaches a file outside the panel’s folder', () => {
  const refused = [
    at('/'),
    at('/../preload.cjs'),
    at('/..%2fsecret.html'),
    at('/%2e%2e/secret.html'),
    at('/assets/..%2f..%2fsecret.html'),
    at('/..%5csecret.html'),
    at('/%00index.html'),
    at('/index.html%00'),
    at('/%E0%A4%A'),
    at('/office.json'),
    at('/../renderer-old/index.html'),
    'corridor-panel://other/index.html',
    'corridor-panel://panel.evil/index.html',
    'file:///app/renderer/index.html',
    'https://panel/index.html',
    'nonsense',
    '',
  ];
  for (const url of refused) {
    const path = panelFile('/app/renderer', url);
    // The browser normalizes an address first: one that stays inside the folder may get an answer.
    assert.ok(path === undefined || path.startsWith('/app/renderer/'), `${url} gave ${path ?? ''}`);
  }
  assert.equal(panelFile('/app/renderer', at('/..%2f..%2fetc/passwd.html')), undefined);
  assert.equal(panelFile('/app/renderer', at('/office.json')), undefined);
});

test('the response says that the panel is not built; a missing file is not found', async () => {
  const dir = tempFolder('panel-files');
  const none = await readPanelFile(dir, PANEL_URL);
  assert.equal(none.status, 404);
  assert.match(none.data.toString(), /not built/);
  writeFileSync(join(dir, 'index.html'), 'hello');
  mkdirSync(join(dir, 'assets.js'));
  assert.deepEqual(await readPanelFile(dir, PANEL_URL), {
    status: 200,
    type: 'text/html',
    data: Buffer.from('hello'),
  });
  assert.equal((await readPanelFile(dir, at('/assets.js'))).status, 404);
});
