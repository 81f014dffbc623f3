import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../test/support/eventually.ts';
import { officeFor, WORKER } from '../../test/support/office.ts';
import { startNode, type CorridorNode } from '../node/index.ts';
import { connectLocalSocket, serveLocalSocket } from '../transports/index.ts';
import { isYes, join } from './joining-commands.ts';
import { Output } from './output.ts';

const program = fileURLToPath(new URL('corridor.ts', import.meta.url));

interface Printed {
  readonly exit: number;
  readonly printed: string;
}

/** The program itself, without a terminal. */
function corridor(profile: string, ...args: string[]): Promise<Printed> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...args, '--profile', profile],
      { timeout: 60_000 },
      (error, stdout, stderr) =>
        resolve({ exit: typeof error?.code === 'number' ? error.code : 0, printed: stdout + stderr }),
    );
  });
}

/** Keeps what a person at the terminal would read. */
class Screen extends Output {
  readonly lines: string[] = [];

  constructor() {
    super(false);
  }

  override say(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }
}

async function serve(t: TestContext, profile: string, api: CorridorNode): Promise<void> {
  const server = await serveLocalSocket({ profile, api });
  t.after(() => server.close());
}

void test(
  'one terminal asks, another lets in, and both show the same digits',
  { timeout: 120_000 },
  async (t) => {
    const [ana] = await officeFor(t).people('101');
    await serve(t, ana.profile, ana.node);
    const profile = await mkdtemp(joinPath(tmpdir(), 'corridor-stranger-'));
    const { endpoints } = await ana.node.call('status');
    const newcomer = await startNode({
      ...{ profile, workerPath: WORKER, interfaces: ['127.0.0.1'], ready: 'cold' },
      ...{ addresses: [`127.0.0.1:${endpoints?.control}`], log: () => undefined },
      speaker: `file:${joinPath(profile, 'heard.wav')}`,
    });
    t.after(async () => {
      await newcomer.close();
      await rm(profile, { recursive: true, force: true });
    });
    await serve(t, profile, newcomer);
    const { tag } = (await ana.node.call('members')).office;

    const seen = await corridor(profile, 'offices');
    assert.match(seen.printed, new RegExp(`^${tag} +\\S`, 'm'));
    const alone = await corridor(profile, 'join', '--tag', tag, '--name', 'Cy');
    assert.equal(alone.exit, 2, 'nobody could answer');
    assert.match(alone.printed, /run it in a terminal/);
    assert.equal((await newcomer.call('status')).joining, null);

    assert.match((await corridor(ana.profile, 'requests')).printed, /Nobody asks/);
    assert.match((await corridor(ana.profile, 'show-requests')).printed, /You see requests until/);
    const remote = await connectLocalSocket(profile);
    t.after(() => remote.close());
    let shown = '';
    const screen = new Screen();
    let answer: (isSame: boolean) => void = () => undefined;
    const answered = new Promise<boolean>((resolve) => (answer = resolve));
    const joining = join(remote, screen, { tag, name: 'Cy' }, async () => {
      shown = (await newcomer.call('status')).joining?.digits ?? '';
      return answered;
    });
    let id = '';
    await eventually(async () => {
      id = (await ana.node.call('requests')).requests[0]?.id ?? '';
      return id !== '';
    }, 'the request comes');
    assert.match(
      (await corridor(ana.profile, 'requests')).printed,
      new RegExp(`${id} +127\\.0\\.0\\.1 +waits`),
    );
    const compared = await corridor(ana.profile, 'compare', id);
    assert.equal(compared.exit, 0, compared.printed);
    await eventually(() => shown !== '', 'the newcomer is asked');
    assert.match(compared.printed, new RegExp(`${shown.slice(0, 3)} ${shown.slice(3)}`));
    assert.equal((await corridor(ana.profile, 'admit', id)).exit, 1, 'not before the other person agreed');
    answer(true);
    await eventually(
      async () => (await ana.node.call('requests')).requests[0]?.state === 'agreed',
      'the newcomer agreed',
    );
    const admitted = await corridor(ana.profile, 'admit', id);
    assert.equal(admitted.exit, 0, admitted.printed);
    await joining;
    assert.ok(screen.lines.includes(`The digits here: ${shown.slice(0, 3)} ${shown.slice(3)}`));
    assert.match(screen.lines.at(-1) ?? '', /^address|^speaker/);
    assert.equal((await newcomer.call('status')).node?.name, 'Cy');
    assert.match((await corridor(ana.profile, 'decline', id)).printed, /not there any more/);
  },
);

void test('only a yes is a yes', () => {
  for (const yes of ['y', 'Y', ' yes ']) assert.equal(isYes(yes), true);
  for (const no of ['', 'n', 'no', 'yo', 'yes please']) assert.equal(isYes(no), false);
});
