import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

/** The panel's own scheme: see panel-protocol. */
export const PANEL_SCHEME = 'corridor-panel';
export const PANEL_URL = `${PANEL_SCHEME}://panel/index.html`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

const NOT_THERE = Buffer.from('There is no such file.');
const NOT_BUILT = Buffer.from(
  '<!doctype html><title>Corridor</title><p>The panel is not built: run npm run build, and open it again.',
);

interface PanelFile {
  readonly status: 200 | 404;
  readonly type: string;
  readonly data: Buffer;
}

/** The response to the panel's request for an address. Where the panel is not built, the response says so. */
export async function readPanelFile(folder: string, url: string): Promise<PanelFile> {
  const path = panelFile(folder, url);
  if (path === undefined) return { status: 404, type: 'text/plain', data: NOT_THERE };
  const type = TYPES[extname(path)] ?? '';
  try {
    return { status: 200, type, data: await readFile(path) };
  } catch {
    const isPage = path === join(resolve(folder), 'index.html');
    return { status: 404, type, data: isPage ? NOT_BUILT : NOT_THERE };
  }
}

/** The file of an address; undefined for a file outside the panel's folder or of a type that the panel does not have. */
export function panelFile(folder: string, url: string): string | undefined {
  let wanted: string;
  try {
    const { protocol, host, pathname } = new URL(url);
    if (protocol !== `${PANEL_SCHEME}:` || host !== 'panel') return undefined;
    wanted = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const root = resolve(folder);
  const path = resolve(root, `.${wanted}`);
  if (wanted.includes('\0') || wanted.includes('\\') || !path.startsWith(root + sep)) return undefined;
  return Object.hasOwn(TYPES, extname(path)) ? path : undefined;
}
