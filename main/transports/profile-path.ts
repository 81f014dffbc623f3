import { createHash } from 'node:crypto';
import { platform, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CorridorError, homeFolder } from '../model/index.ts';

/** The longest path that fits a Unix socket's address everywhere (104 bytes on macOS, 108 on Linux, with the terminator). */
const MAX_SOCKET_PATH_BYTES = 100;

/** The default profile folder, in the system's folder for settings. @throws CorridorError `no-home` where there is none */
export function defaultProfile(env: NodeJS.ProcessEnv = process.env): string {
  switch (platform()) {
    case 'win32':
      return join(env['APPDATA'] ?? join(home(), 'AppData', 'Roaming'), 'Corridor');
    case 'darwin':
      return join(home(), 'Library', 'Application Support', 'Corridor');
    default:
      return join(env['XDG_CONFIG_HOME'] || join(home(), '.config'), 'corridor');
  }
}

export interface SocketPlace {
  readonly path: string;
  /** A separate folder to make first, accessible to its owner alone; null: the socket is in the profile. */
  readonly folder: string | null;
}

/**
 * Where the node of a profile listens for commands: in the profile or, if that path is too long for a socket, in a folder of the user with
 * a short path. On Windows it is a named pipe.
 */
export function socketPlace(profile: string, env: NodeJS.ProcessEnv = process.env): SocketPlace {
  const folder = resolve(profile);
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  if (platform() === 'win32') return { path: `\\\\.\\pipe\\corridor-${name}`, folder: null };
  const inside = join(folder, 'corridor.sock');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return { path: inside, folder: null };
  const short = env['XDG_RUNTIME_DIR']
    ? join(env['XDG_RUNTIME_DIR'], 'corridor')
    : join(tmpdir(), `corridor-${process.getuid?.()}`);
  return { path: join(short, `${name}.sock`), folder: short };
}

function home(): string {
  const folder = homeFolder();
  if (folder !== undefined) return folder;
  throw new CorridorError(
    'no-home',
    'This user has no home folder. Say where the profile is: --profile DIR',
    { phrase: null },
  );
}
