import assert from 'node:assert/strict';
import { join as joinPath } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runCorridor } from '../../test/support/command-line.ts';
import { eventually } from '../../test/support/eventually.ts';
import { officeFor, WORKER } from '../../test/support/office.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { startNode, type CorridorNode } from '../node/index.ts';
import { connectLocalSocket, serveLocalSocket } from '../transports/index.ts';
import { isYes, join } from './joining-commands.ts';
import { Output } from './output.ts';

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
    const profile = tempFolder('stranger');
    const { endpoints } = await ana.node.call('status');
    const newcomer = await startNode({
      ...{ profile, workerPath: WORKER, interfaces: ['127.0.0.1'], ready: 'cold' },
      ...{ addresses: [`127.0.0.1:${endpoints?.control}`], log: () => undefined },
      speaker: `file:${joinPath(profile, 'heard.wav')}`,
    });
    t.after(() => newcomer.close());
    await serve(t, profile, newcomer);
    const { tag } = (await ana.node.call('members')).office;

    const seen = await runCorridor(profile, 'offices');
    assert.match(seen.printed, new RegExp(`^${tag} +\\S`, 'm'));
    const alone = await runCorridor(profile, 'join', '--tag', tag, '--name', 'Cy');
    assert.equal(alone.exit, 2, 'nobody could answer');
    assert.match(alone.printed, /run it in a terminal/);
    assert.equal((await newcomer.call('status')).joining, null);

    assert.match((await runCorridor(ana.profile, 'requests')).printed, /Nobody asks/);
    assert.match((await runCorridor(ana.profile, 'show-requests')).printed, /You see requests until/);
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
      (await runCorridor(ana.profile, 'requests')).printed,
      new RegExp(`${id} +127\\.0\\.0\\.1 +waits`),
    );
    const compared = await runCorridor(ana.profile, 'compare', id);
    assert.equal(compared.exit, 0, compared.printed);
    await eventually(() => shown !== '', 'the newcomer is asked');
    assert.match(compared.printed, new RegExp(`${shown.slice(0, 3)} ${shown.slice(3)}`));
    assert.equal((await runCorridor(ana.profile, 'admit', id)).exit, 1, 'not before the other person agreed');
    answer(true);
    await eventually(
      async () => (await ana.node.call('requests')).requests[0]?.state === 'agreed',
      'the newcomer agreed',
    );
    const admitted = await runCorridor(ana.profile, 'admit', id);
    assert.equal(admitted.exit, 0, admitted.printed);
    await joining;
    assert.ok(screen.lines.includes(`The digits here: ${shown.slice(0, 3)} ${shown.slice(3)}`));
    assert.match(screen.lines.at(-1) ?? '', /^address|^speaker/);
    assert.equal((await newcomer.call('status')).node?.name, 'Cy');
    assert.match((await runCorridor(ana.profile, 'decline', id)).printed, /not there any more/);
  },
);

void test('only a yes is a yes', () => {
  for (const yes of ['y', 'Y', ' yes ']) assert.equal(isYes(yes), true);
  for (const no of ['', 'n', 'no', 'yo', 'yes please']) assert.equal(isYes(no), false);
});
