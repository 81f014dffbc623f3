import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findElectron } from './electron.mjs';
import { root } from './project.mjs';

const runtime = await findElectron({ forTests: true });

function run(args, env = {}) {
  return new Promise((resolve) => {
    const settings = { cwd: root, env: { ...process.env, ...env }, timeout: 60_000 };
    const child = execFile(process.execPath, args, settings, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, output: stdout + stderr }),
    );
  });
}

test(
  'electron-builder itself refuses a try-out that is not named so or might be published, before anything is packed',
  { skip: process.platform !== 'linux' },
  async () => {
    const out = mkdtempSync(join(tmpdir(), 'corridor-dist-'));
    try {
      const builder = join(root, 'node_modules/electron-builder/cli.js');
      const args = ['--linux', 'deb', `-c.directories.output=${out}`, `-c.electronDist=${out}`];
      const tryout = ['-c.extraMetadata.tryout=true', '-c.artifactName=Corridor-tryout-x.${ext}'];
      for (const publish of [['never'], ['onTag', ...tryout]]) {
        const { code, output } = await run([builder, ...args, '--publish', ...publish]);
        assert.notEqual(code, 0);
        assert.match(output, /unless as a try-out that is never published/);
      }
      assert.ok(!existsSync(join(out, 'linux-unpacked', 'corridor')));
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  },
);

test(
  'what stands in is not published, and npm run dist says so',
  { skip: 'why' in runtime ? runtime.why : !runtime.testsOnly && 'npm’s Electron is here' },
  async () => {
    const { code, output } = await run(['scripts/dist.mjs', '--publish'], {
      ELECTRON_MIRROR: 'http://127.0.0.1:9/',
    });
    assert.equal(code, 1);
    assert.match(output, /^dist: no package is made: what stands in .* is never published\.$/m);
  },
);
