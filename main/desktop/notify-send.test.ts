import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { NotificationEvents } from './notifier.ts';
import { findNotifySend } from './notify-send.ts';

const skip = process.platform === 'linux' ? false : 'notify-send is a program of Linux';
const TEXT = { title: 'Bo called', body: 'Click to call back.', actions: [], isSilent: true };
const NOTHING: NotificationEvents = {
  click: () => undefined,
  action: () => undefined,
  closed: () => undefined,
  failed: () => undefined,
};

/** A desktop that shows a notification once the file \`shows\` is there. Each process of notify-send leaves its id in \`pids\`. */
async function desktop() {
  const dir = tempFolder('notify-send');
  const [shows, pids] = [join(dir, 'shows'), join(dir, 'pids')];
  const program = (name: string, script: string): void => {
    writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
  };
  program('gdbus', `echo "(['actions'],)"`);
  program(
    'notify-send',
    `[ "$1" = --help ] && exec echo --action
echo $$ >> ${pids}
while [ ! -e ${shows} ]; do sleep 0.01; done
echo 7
while :; do sleep 0.01; done`,
  );
  process.env['PATH'] = `${dir}${delimiter}${process.env['PATH']}`;
  const notifier = await findNotifySend();
  assert.ok(notifier);
  const started = (): number[] =>
    existsSync(pids) ? readFileSync(pids, 'utf8').trim().split('\n').map(Number) : [];
  return {
    notifier,
    show: () => writeFileSync(shows, ''),
    started: (count: number) => eventually(() => started().length === count, `${count} have started`),
    assertNoneRuns: () =>
      eventually(() => !started().some(isRunning), 'no process of a notification outlives it'),
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a notification by notify-send', { skip }, () => {
  it('that is withdrawn before the desktop shows it leaves no process', async () => {
    const { notifier, started, show, assertNoneRuns } = await desktop();
    const raised = notifier(TEXT, NOTHING);
    await started(1);
    const withdrawn = raised.withdraw();
    show();
    await withdrawn;
    await assertNoneRuns();
  });

  it('that is withdrawn while it takes the place of another leaves no process of either', async () => {
    const { notifier, started, show, assertNoneRuns } = await desktop();
    const first = notifier(TEXT, NOTHING);
    await started(1);
    const raised = notifier(TEXT, NOTHING, first);
    await started(2);
    const withdrawn = raised.withdraw();
    show();
    await withdrawn;
    await assertNoneRuns();
  });

  it('that a desktop which hangs never shows leaves no process', async () => {
    const { notifier, started, assertNoneRuns } = await desktop();
    const raised = notifier(TEXT, NOTHING);
    await started(1);
    await raised.withdraw();
    await assertNoneRuns();
  });
});
