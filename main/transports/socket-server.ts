import { chmod, lstat, mkdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { platform } from 'node:os';
import type { NodeApi } from '../../preload/api.ts';
import { CorridorError, whyOf } from '../model/index.ts';
import { socketPlace, type SocketPlace } from './profile-path.ts';
import { SocketSession } from './socket-session.ts';

const MAX_SESSIONS = 64;
const PROBE_TIMEOUT_MS = 2000;
/** The rights of everybody but the owner. */
const OTHERS = 0o077;

export interface LocalSocketOptions {
  /** The profile's folder, which is made if it does not exist. */
  readonly profile: string;
  /** The node's API. While the node is starting, calls wait: the socket is claimed before anything else in the profile is touched. */
  readonly api: NodeApi | Promise<NodeApi>;
  readonly log?: (line: string) => void;
  /** Methods besides the node's, for this computer's command line alone. */
  readonly own?: Readonly<Record<string, () => Promise<unknown>>>;
}

export interface LocalSocket {
  readonly path: string;
  /** Ends all sessions and removes the socket. */
  close(): Promise<void>;
}

/**
 * Serves the API to programs of the same user on this computer. Errors: `already-running` where a node answers in this profile;
 * `socket-refused` where the system does not allow listening there.
 */
export async function serveLocalSocket(options: LocalSocketOptions): Promise<LocalSocket> {
  const place = socketPlace(options.profile);
  await makePlace(options.profile, place);
  const sessions = new Set<SocketSession>();
  const server = createServer((socket) => {
    if (sessions.size >= MAX_SESSIONS) {
      socket.on('error', () => undefined).destroy();
      return;
    }
    const { log = () => undefined, own = {} } = options;
    const session = new SocketSession({ socket, api: Promise.resolve(options.api), log, own });
    sessions.add(session);
    socket.on('close', () => sessions.delete(session));
  });
  await claim(server, place.path, options.profile);
  server.on('error', (error) => options.log?.(`the local socket: ${error.message}`));
  return {
    path: place.path,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.end();
      }),
  };
}

async function makePlace(profile: string, place: SocketPlace): Promise<void> {
  if (platform() === 'win32') return;
  await mkdir(profile, { recursive: true, mode: 0o700 });
  if (place.folder === null) return;
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  // In a folder that everybody may write to, another user could have taken the name.
  const info = await lstat(place.folder);
  if (!info.isDirectory() || info.uid !== process.getuid?.() || (info.mode & OTHERS) !== 0) {
    throw new CorridorError(
      'socket-refused',
      `${place.folder} is not a folder of yours alone, so commands cannot be taken there. Remove it, or choose a profile with a shorter path.`,
      { details: { path: place.folder, why: null } },
    );
  }
}

/** Listens. Removes a socket that a crashed node left behind, but not one that answers. */
async function claim(server: Server, path: string, profile: string): Promise<void> {
  try {
    await listen(server, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw refused(path, cause);
    if (await answers(path)) {
      throw new CorridorError(
        'already-running',
        `Corridor already runs with the profile ${profile}. Use that one, or give another folder with --profile.`,
        { details: { profile } },
      );
    }
    await unlink(path).catch(() => undefined);
    await listen(server, path).catch((again: unknown) => {
      throw refused(path, again);
    });
  }
  if (platform() !== 'win32') await keepPrivate(server, path);
}

/** Not every file system takes rights; the socket is used all the same if it is its owner's alone as `listen` made it. */
async function keepPrivate(server: Server, path: string): Promise<void> {
  try {
    await chmod(path, 0o600);
  } catch (cause) {
    const info = await lstat(path).catch(() => undefined);
    if (info && (info.mode & OTHERS) === 0) return;
    // A server that listens would keep the process running.
    server.close();
    throw refused(path, cause);
  }
}

function refused(path: string, cause: unknown): CorridorError {
  const reason = whyOf(cause);
  return new CorridorError('socket-refused', `Commands cannot be taken at ${path}: ${reason}.`, {
    cause,
    details: { path, why: reason },
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The file is made within the call, so it is never accessible to others.
    const mask = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    } finally {
      process.umask(mask);
    }
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe: Socket = connect(path);
    const end = (answer: boolean): void => {
      probe.destroy();
      resolve(answer);
    };
    probe.setTimeout(PROBE_TIMEOUT_MS, () => end(true));
    probe.once('connect', () => end(true));
    probe.once('error', () => end(false));
  });
}
