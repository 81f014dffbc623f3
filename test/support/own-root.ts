import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Mounts the root: this system under a layer that takes every change. It shares `/tmp`, for the sockets of a desktop. A chroot would
 * not do: the kernel refuses user namespaces in one, and Chromium's sandbox needs them.
 */
const SETUP = `set -e
mount -t tmpfs own-root "$1"
mkdir "$1/changes" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/changes,workdir=$1/work" "$1/root"
for folder in proc dev sys tmp; do mount --rbind "/$folder" "$1/root/$folder"; done
mkdir "$1/root/before"
cd "$1/root"
pivot_root . before
umount -l /before
rmdir /before
echo ready
exec sleep infinity
`;

/** Why this machine cannot make a private root, as a sentence for `skip`; undefined where it can. */
export function whyNoOwnRoot(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'a root of its own needs Linux and root';
  const missing = ['unshare', 'nsenter', 'pivot_root', 'setpriv', 'dpkg'].filter(
    (tool) => spawnSync('which', [tool], { stdio: 'ignore' }).status !== 0,
  );
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
}

/** A private copy of this system to install packages in; `stop()` removes it. */
export class OwnRoot {
  readonly #keeper: ChildProcess;

  private constructor(keeper: ChildProcess) {
    this.#keeper = keeper;
  }

  static async start(dir: string): Promise<OwnRoot> {
    const place = join(dir, 'own-root');
    mkdirSync(place);
    const command = ['--mount', '--propagation', 'private', 'sh', '-c', SETUP, 'sh', place];
    const keeper = spawn('unshare', command, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      keeper.stdout.once('data', () => resolve());
      keeper.once('exit', () => reject(new Error('a root of its own cannot be made here')));
    });
    return new OwnRoot(keeper);
  }

  /** The words to put before a command that runs in the copy: as root, or as a user. */
  prefix(user?: string): readonly string[] {
    const enter = ['nsenter', '--target', String(this.#keeper.pid), '--mount'];
    if (user === undefined) return enter;
    return [...enter, 'setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups'];
  }

  /** Runs a command in the copy to its end. Resolves with its output; rejects where it fails. */
  run(...command: readonly string[]): Promise<string> {
    const [program = '', ...args] = [...this.prefix(), ...command];
    return new Promise((resolve, reject) => {
      execFile(program, args, { timeout: 60_000 }, (error, stdout, stderr) =>
        error ? reject(new Error(`${command.join(' ')}: ${stdout}${stderr}`)) : resolve(stdout),
      );
    });
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.#keeper.once('exit', resolve));
    this.#keeper.kill('SIGKILL');
    await exited;
  }
}
