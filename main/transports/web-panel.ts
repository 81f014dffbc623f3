import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { NodeApi } from '../../preload/api.ts';
import { CorridorError } from '../model/index.ts';
import type { LoopbackServer, OnUpgrade } from './loopback-server.ts';
import { WebAdmission } from './web-admission.ts';
import { WebFiles } from './web-files.ts';
import { answerWith, sessionOf, SUBPROTOCOL, whyForeign } from './web-requests.ts';
import { WebSession } from './web-session.ts';
import { MAX_LINE_BYTES } from './wire.ts';

const MAX_SESSIONS = 16;
/** A fixed port, so that a page that lost its node finds it again. */
const USUAL_PORT = 47_022;
/** The path of the page's WebSocket. */
const PATH = '/api';

interface WebPanelOptions {
  readonly api: NodeApi | Promise<NodeApi>;
  /** The built panel: dist/renderer. */
  readonly folder: string;
  /** Left out: the usual port or, if that is taken, any free one. 0: any free one. */
  readonly port?: number;
  readonly log?: (line: string) => void;
}

export interface WebPanel {
  readonly port: number;
  /** Makes an address that opens the panel in one browser, once. */
  newAddress(): string;
  close(): Promise<void>;
}

/**
 * Serves the panel to browsers of this computer, on loopback alone. Errors: `no-panel` where it is not built, `port-taken`.
 */
export async function serveWebPanel(options: WebPanelOptions): Promise<WebPanel> {
  const { api, folder, log = () => undefined } = options;
  const files = await WebFiles.list(folder);
  if (!files.isThere) {
    throw new CorridorError('no-panel', 'The panel is not built. Build it: npm run build');
  }
  const admission = new WebAdmission({ now: () => performance.now() });
  const sessions = new Set<WebSession>();
  // Loaded only when a panel is wanted: HTTP alone takes a megabyte of memory.
  const [{ WebSocketServer }, { LOOPBACK, LoopbackServer }] = await Promise.all([
    import('ws'),
    import('./loopback-server.ts'),
  ]);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_LINE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });
  const onUpgrade: OnUpgrade = (request, socket, head) => {
    const why = whyRefused(request, admission, sessions.size);
    if (why !== undefined) {
      socket.on('error', () => undefined).end(`HTTP/1.1 ${why}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const session = new WebSession(opened, Promise.resolve(api), log);
      sessions.add(session);
      opened.on('close', () => sessions.delete(session));
    });
  };
  const open = (port: number): Promise<LoopbackServer> =>
    LoopbackServer.open(port, answerWith(files, admission), onUpgrade);
  const server = await (options.port === undefined
    ? open(USUAL_PORT).catch(() => open(0))
    : open(options.port));
  return {
    port: server.port,
    // The token is in the fragment, which browsers neither send nor pass on as a referrer.
    newAddress: () => `http://${LOOPBACK}:${server.port}/#${admission.newToken()}`,
    close: async () => {
      for (const session of sessions) session.end();
      await server.close();
    },
  };
}

/** The HTTP status line with which a WebSocket is refused; undefined: it is accepted. */
function whyRefused(request: IncomingMessage, admission: WebAdmission, open: number): string | undefined {
  if (whyForeign(request) !== undefined) return '403 Forbidden';
  if (request.url !== PATH) return '404 Not Found';
  const secret = sessionOf(request);
  if (secret === undefined || !admission.admits(secret)) return '401 Unauthorized';
  return open >= MAX_SESSIONS ? '503 Service Unavailable' : undefined;
}
