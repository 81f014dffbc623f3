import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { LogFile } from './log-file.ts';

const total = (dir: string) =>
  readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);

test('the log never exceeds its limit and keeps the newest lines', () => {
  const dir = tempFolder('log');
  const log = new LogFile(dir, { maxBytes: 1000, older: 2 });
  for (let n = 0; n < 500; n += 1) {
    log.write(`line ${n}`);
    assert.ok(total(dir) <= 3000, `${total(dir)} bytes`);
  }
  log.close();
  assert.deepEqual(readdirSync(dir).sort(), ['desktop.log', 'desktop.log.1', 'desktop.log.2']);
  const kept = ['desktop.log.2', 'desktop.log.1', 'desktop.log']
    .map((name) => readFileSync(join(dir, name), 'utf8'))
    .join('')
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ').pop()));
  assert.equal(kept.at(-1), 499);
  assert.deepEqual(
    kept,
    kept.map((_, at) => 500 - kept.length + at),
    'none between is missing',
  );
});

test('an existing log goes on; one that is too long is renamed', () => {
  const dir = tempFolder('log');
  writeFileSync(join(dir, 'desktop.log'), 'before\n');
  const log = new LogFile(dir, { maxBytes: 200 });
  log.write('after');
  log.close();
  assert.match(readFileSync(join(dir, 'desktop.log'), 'utf8'), /^before\n.* after\n$/);
  writeFileSync(join(dir, 'desktop.log'), 'x'.repeat(5000));
  const next = new LogFile(dir, { maxBytes: 200 });
  next.write('fresh');
  next.close();
  assert.match(readFileSync(join(dir, 'desktop.log'), 'utf8'), /^[^x]* fresh\n$/);
});

test('a very long line is cut, and a link is removed', () => {
  const dir = tempFolder('log');
  const log = new LogFile(dir);
  log.write('a'.repeat(10_000_000));
  const said = log.write('opened corridor://join/AbCdEfGhIjKlMnOpQrStUvWx-_0 by hand');
  assert.ok(total(dir) < 20_000);
  const text = readFileSync(join(dir, 'desktop.log'), 'utf8');
  assert.ok(!text.includes('AbCdEf') && !said.includes('AbCdEf'), said);
  const cut = log.write(`${'x '.repeat(4090)}AbCdEfGhIjKlMnOpQrStUv`);
  assert.ok(!cut.includes('AbCdE'), cut.slice(-40));
  assert.match(said, /opened corridor:\/\/join\/… by hand\n$/);
  log.close();
});

test('only its owner may read the log', { skip: process.platform === 'win32' }, () => {
  const dir = tempFolder('log');
  const log = new LogFile(dir);
  log.write('hello');
  log.close();
  assert.equal(statSync(join(dir, 'desktop.log')).mode & 0o077, 0);
});

test('a log that is not writable loses its lines and nothing else', () => {
  const dir = tempFolder('log');
  writeFileSync(join(dir, 'file'), '');
  const log = new LogFile(join(dir, 'file', 'profile'));
  assert.match(log.write('hello'), /hello/);
  log.close();
});
