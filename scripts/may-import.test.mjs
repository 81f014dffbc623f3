import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { mayImport } from './may-import.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the rule says of a line in that file. */
function verdictOn(file, line) {
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { corridor: { rules: { 'may-import': mayImport } } },
    rules: { 'corridor/may-import': 'error' },
  };
  const linter = new Linter({ cwd: root });
  return linter
    .verify(line, config, { filename: join(root, file) })
    .map(({ message }) => message)
    .join('\n');
}

describe('the rooms’ imports', () => {
  it('are those of the table, by the doors', () => {
    assert.equal(verdictOn('main/messages/new.ts', `import { CorridorError } from '../model/index.ts';`), '');
    assert.match(
      verdictOn('main/messages/new.ts', `import { OfficeSession } from '../office/index.ts';`),
      /^main\/messages may not import main\/office; it may import /,
    );
    assert.match(
      verdictOn('main/messages/new.ts', `export { Emitter } from '../model/emitter.ts';`),
      /^Enter main\/model by its door/,
    );
    assert.match(
      verdictOn('main/messages/new.ts', `void import('../office/index.ts');`),
      /^main\/messages may not import main\/office/,
    );
  });

  it('are of types alone where only these are allowed', () => {
    const file = 'renderer/new.ts';
    assert.equal(verdictOn(file, `import type { Status } from '../preload/api.ts';`), '');
    assert.match(
      verdictOn(file, `import { checkArguments } from '../preload/api.ts';`),
      /^renderer imports only types of preload/,
    );
  });

  it('close no circle within a room', () => {
    assert.equal(verdictOn('main/election/hearing.ts', `import { Standing } from './standing.ts';`), '');
    assert.match(
      verdictOn('main/election/term.ts', `import { Hearing } from './hearing.ts';`),
      /^Files of a room import each other in no circle: main\/election\/term\.ts → .*main\/election\/term\.ts\.$/,
    );
  });

  it('are neither Electron nor, in the renderer, Node.js', () => {
    assert.match(
      verdictOn('main/node/new.ts', `import { app } from 'electron';`),
      /^Only main\/desktop and preload/,
    );
    assert.equal(verdictOn('main/desktop/new.ts', `import { app } from 'electron';`), '');
    assert.match(
      verdictOn('renderer/new.ts', `import { readFile } from 'node:fs';`),
      /^The renderer is sandboxed/,
    );
  });

  it('of tests may be of other rooms, and by their doors too', () => {
    assert.equal(
      verdictOn('main/messages/new.test.ts', `import { OfficeSession } from '../office/index.ts';`),
      '',
    );
    assert.match(
      verdictOn('main/messages/new.test.ts', `import { links } from '../office/links.ts';`),
      /^Enter main\/office by its door/,
    );
  });
});
