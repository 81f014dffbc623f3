import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { tempFolder } from '../test/support/temp-folder.ts';
import type * as DesktopModule from './desktop.ts';
import type * as IndexModule from './index.ts';
import type * as PanelModule from './panel.ts';

const FILES = ['phrases.ts', 'panel.ts', 'settings.ts', 'desktop.ts', 'shared.ts'] as const;

/** A language is five files and one line: this folder with a language more, which are the German files in another name. */
describe('a further language', () => {
  let folder: string;

  before(async () => {
    folder = tempFolder('i18n');
    await cp(fileURLToPath(new URL('./', import.meta.url)), folder, {
      recursive: true,
      filter: (path) => !path.endsWith('.test.ts'),
    });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    for (const file of FILES) await cp(join(folder, 'de', file), join(folder, 'pt-BR', file));
    await replace(
      'languages.ts',
      "  de: 'Deutsch',\n",
      "  de: 'Deutsch',\n  'pt-BR': 'Português (Brasil)',\n",
    );
    await replace('pt-BR/settings.ts', "nameLabel: 'Name'", "nameLabel: 'Nome'");
  });

  async function replace(file: string, text: string, by: string): Promise<void> {
    const path = join(folder, file);
    const before = await readFile(path, 'utf8');
    assert.ok(before.includes(text), `${file} holds ${text}`);
    await writeFile(path, before.replace(text, by));
  }

  function errors(): readonly string[] {
    const files = [
      'index.ts',
      'panel.ts',
      'desktop.ts',
      'node-texts.ts',
      ...FILES.map((file) => `pt-BR/${file}`),
    ];
    const program = ts.createProgram(
      files.map((file) => join(folder, file)),
      {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        allowImportingTsExtensions: true,
        noEmit: true,
        skipLibCheck: true,
        strict: true,
        types: [],
      },
    );
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  }

  test('is complete with its five files and its line in the registry', async () => {
    assert.deepEqual(errors(), []);
    const load = (file: string): Promise<unknown> => import(pathToFileURL(join(folder, file)).href);
    const { firstLanguage, languageTags } = (await load('index.ts')) as typeof IndexModule;
    const { loadPanel } = (await load('panel.ts')) as typeof PanelModule;
    const { loadDesktop } = (await load('desktop.ts')) as typeof DesktopModule;
    const language = firstLanguage(['pt-BR']);
    assert.ok(languageTags.includes(language) && language !== 'en');
    const panel = await loadPanel(language);
    assert.equal(panel.strings.nameLabel, 'Nome');
    assert.match(panel.phrases?.['no-speaker']({}) ?? '', /Lautsprecher/);
    assert.equal((await loadDesktop(language)).strings.quit, 'Beenden');
  });

  test('does not compile where a string or a phrase is missing', async () => {
    await replace('pt-BR/panel.ts', "  loading: 'Startet…',\n", '');
    await replace('pt-BR/desktop.ts', "  quit: 'Beenden',\n", '');
    await replace('pt-BR/settings.ts', "  nameLabel: 'Nome',\n", '');
    await replace('pt-BR/phrases.ts', "  'not-set-up': () => NICHT_IM_BUERO,\n", '');
    const found = errors().join('\n');
    for (const name of ['loading', 'quit', 'nameLabel', 'not-set-up']) assert.ok(found.includes(name), found);
  });
});
