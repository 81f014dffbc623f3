import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NodeApi } from '../../preload/api.ts';
import { serveLocalSocket, serveWebPanel, type WebPanel } from '../transports/index.ts';
import { startNode, type NodeOptions } from '../node/index.ts';
import { CorridorError, endAtOnce, surviveFaults } from '../model/index.ts';
import { ENDING } from './await-event.ts';
import { describePanel, describeStatus } from './describe.ts';
import { EXIT } from './exit.ts';
import { Narrator } from './narrator.ts';
import type { Output } from './output.ts';

/** The most time that leaving the office may take at the end, ms. */
const CLOSE_TIMEOUT_MS = 8000;

export type NodeCommand = Omit<NodeOptions, 'workerPath' | 'log'> & {
  /** Serves the panel to a browser from the beginning, on this port; null: on the usual port, or any free one. */
  readonly panel?: number | null;
};

/**
 * Runs a node until SIGINT or SIGTERM; then it leaves the office, and hands over. Resolves to the exit code. Rejects with errors of the
 * start.
 */
export async function runNode(command: NodeCommand, output: Output): Promise<number> {
  const asked = askedToEnd();
  const stopSurviving = surviveFaults();
  const log = (line: string): void => output.note(line);
  let started: (node: NodeApi) => void = () => undefined;
  const api = new Promise<NodeApi>((resolve) => (started = resolve));
  const dist = dirname(fileURLToPath(import.meta.url));
  // All commands share one panel server. If it could not start, the next command tries again.
  let panel: Promise<WebPanel> | undefined;
  const openPanel = (): Promise<WebPanel> => {
    const port = command.panel ?? undefined;
    panel ??= serveWebPanel({
      api,
      folder: join(dist, 'renderer'),
      ...(port === undefined ? {} : { port }),
      log,
    });
    panel.catch(() => (panel = undefined));
    return panel;
  };
  const own = { panel: async () => ({ address: (await openPanel()).newAddress() }) };
  // The socket comes first, so that a second node in the same profile is refused before it touches anything.
  const socket = await serveLocalSocket({ profile: command.profile, api, log, own });
  const workerPath = join(dist, 'worker.cjs');
  const node = await startNode({ ...command, workerPath, restsCold: true, log }).catch(
    async (error: unknown) => {
      await socket.close();
      stopSurviving();
      throw error;
    },
  );
  try {
    const status = await node.call('status');
    if (status.state === 'setup' && command.office !== undefined) {
      throw new CorridorError('first-run', 'To be in an office, you need a name: add --name NAME.');
    }
    const link = command.office === 'new' ? (await node.call('joinLink')).link : null;
    const narrator = await Narrator.of(node);
    node.onEvent((event) => {
      if (event.type === 'level') return;
      output.give(event);
      output.say(...narrator.lines(event));
    });
    started(node);
    output.give({ type: 'ready', at: Date.now(), profile: command.profile, link, status });
    output.say(...describeStatus(status), ...(link ? [`join link   ${link}`] : []));
    if (command.panel !== undefined) {
      const { address } = await own.panel();
      output.give({ type: 'panel', at: Date.now(), address });
      output.say(...describePanel(address));
    }
    output.say(
      'Corridor runs here. In another terminal: corridor people, corridor talk 102, corridor --help. Ctrl+C ends it.',
    );
    await asked;
    output.say('leaving');
  } finally {
    const timer = setTimeout(() => {
      log('Corridor could not leave in good order within 8 s; messages are kept.');
      endAtOnce();
    }, CLOSE_TIMEOUT_MS);
    await (await panel?.catch(() => undefined))?.close();
    await node.close().catch((error: unknown) => {
      log(`while leaving: ${String(error)}`);
      endAtOnce();
    });
    await socket.close();
    stopSurviving();
    clearTimeout(timer);
  }
  output.give({ type: 'closed', at: Date.now() });
  return EXIT.done;
}

/** Resolves at the first signal to end; the second ends at once. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    let times = 0;
    const ask = (): void => {
      times += 1;
      if (times > 1) process.exit(EXIT.interrupted);
      resolve();
    };
    for (const signal of ENDING) process.on(signal, ask);
  });
}
