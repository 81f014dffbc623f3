import { createHash } from 'node:crypto';
import { homedir, platform, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

/** The longest path that fits a Unix socket's address everywhere (104 bytes on macOS, 108 on Linux, with its end). */
const MAX_SOCKET_PATH_BYTES = 100;

/** Where the profile is unless somebody says otherwise: the settings folder of the system. */
export function defaultProfile(env: NodeJS.ProcessEnv = process.env): string {
  switch (platform()) {
    case 'win32':
      return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Corridor');
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Corridor');
    default:
      return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'corridor');
  }
}

export interface SocketPlace {
  readonly path: string;
  /** A folder of its own that has to be there first, with rights for its owner alone; null inside the profile. */
  readonly folder: string | null;
}

/**
 * Where the node of a profile listens for commands: in the profile, or, where that path is too long for a socket, in a
 * short folder of the user's. On Windows a named pipe.
 */
export function socketPlace(profile: string, env: NodeJS.ProcessEnv = process.env): SocketPlace {
  const folder = resolve(profile);
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  if (platform() === 'win32') return { path: `\\\\.\\pipe\\corridor-${name}`, folder: null };
  const inside = join(folder, 'corridor.sock');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return { path: inside, folder: null };
  const short = env['XDG_RUNTIME_DIR']
    ? join(env['XDG_RUNTIME_DIR'], 'corridor')
    : join(tmpdir(), `corridor-${userInfo().uid}`);
  return { path: join(short, `${name}.sock`), folder: short };
}
