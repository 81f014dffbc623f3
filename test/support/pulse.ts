import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';
import { Recording } from './recording.ts';

const run = promisify(execFile);

/** `norewinds=1`: without it a null sink renders ahead, and a first stream waits 1-2 s for its turn. */
const SINK = 'rate=48000 channels=1 channel_map=mono norewinds=1';

interface PulseOptions {
  /** An own directory for socket, configuration and log. */
  readonly dir: string;
  /** Further ALSA names, each standing for the Pulse sink or source of the same name. */
  readonly names?: readonly string[];
}

export interface Playing {
  readonly done: Promise<void>;
  stop(): void;
}

/** Why sound tests cannot run on this machine, or undefined if they can. */
export function missingPulse(): string | undefined {
  for (const tool of ['pulseaudio', 'pactl', 'paplay', 'parec']) {
    if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).error) {
      return `${tool} is not installed (Debian: pulseaudio, pulseaudio-utils, libasound2-plugins)`;
    }
  }
  return undefined;
}

/**
 * A private PulseAudio server with a loudspeaker (`speaker`) and a microphone (`mic`) that hears what is played into
 * the sink `voice`. ALSA, and so PortAudio, knows them as `default`, `speaker` and `mic`.
 * @throws Error if PulseAudio is missing or does not start
 */
export async function startPulse(options: PulseOptions): Promise<Pulse> {
  const missing = missingPulse();
  if (missing) throw new Error(missing);
  const { dir } = options;
  mkdirSync(join(dir, 'run'), { recursive: true, mode: 0o700 });
  const socket = join(dir, 'pulse.sock');
  const alsa = join(dir, 'asound.conf');
  const client = join(dir, 'client.conf');
  const names = ['speaker', 'mic', ...(options.names ?? [])];
  writeFileSync(client, 'autospawn = no\n');
  writeFileSync(
    alsa,
    [
      'pcm.default { type pulse }',
      'ctl.default { type pulse }',
      ...names.map((name) => `pcm.${name} { type pulse device ${name} }`),
    ].join('\n') + '\n',
  );
  const env: Record<string, string> = {
    XDG_RUNTIME_DIR: join(dir, 'run'),
    PULSE_RUNTIME_PATH: join(dir, 'run'),
    PULSE_STATE_PATH: join(dir, 'run'),
    PULSE_COOKIE: join(dir, 'cookie'),
    PULSE_CLIENTCONFIG: client,
    PULSE_SERVER: `unix:${socket}`,
    ALSA_CONFIG_PATH: alsa,
  };
  const args = [
    [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--disable-shm=yes',
      '--use-pid-file=no',
      '--high-priority=yes',
    ],
    [`--log-target=newfile:${join(dir, 'pulse.log')}`],
    ['-L', `module-native-protocol-unix socket=${socket} auth-anonymous=1`],
    ['-L', `module-null-sink sink_name=speaker ${SINK}`],
    ['-L', `module-null-sink sink_name=voice ${SINK}`],
    ['-L', 'module-remap-source source_name=mic master=voice.monitor'],
  ].flat();
  const server = spawn('pulseaudio', args, { env: { ...process.env, ...env }, stdio: 'ignore' });
  const pulse = new Pulse(server, env);
  try {
    await pulse.ready();
  } catch (error) {
    await pulse.stop();
    throw error;
  }
  return pulse;
}

export class Pulse {
  /** The environment that a child process needs to use these devices. */
  readonly env: Readonly<Record<string, string>>;
  readonly #server: ChildProcess;
  readonly #clients = new Set<ChildProcess>();

  constructor(server: ChildProcess, env: Readonly<Record<string, string>>) {
    this.#server = server;
    this.env = env;
  }

  /** Waits until the server answers, and makes `speaker` and `mic` the defaults. */
  async ready(): Promise<void> {
    let refusal: unknown;
    const answers = async () => {
      if (this.#server.exitCode !== null) throw new Error('PulseAudio did not start', { cause: refusal });
      try {
        await this.control('set-default-sink', 'speaker');
        await this.control('set-default-source', 'mic');
        return true;
      } catch (error) {
        refusal = error;
        return false;
      }
    };
    await eventually(answers, () => `PulseAudio answers: ${String(refusal)}`);
  }

  /** `pactl` with these arguments; what it printed. */
  async control(...args: string[]): Promise<string> {
    const { stdout } = await run('pactl', args, { env: { ...process.env, ...this.env } });
    return stdout.trim();
  }

  /** Plugs in: loads a module, for example `loadSink('headset')`. Returns its number for `unload`. */
  load(...moduleAndArgs: string[]): Promise<string> {
    return this.control('load-module', ...moduleAndArgs);
  }

  loadSink(name: string): Promise<string> {
    return this.load('module-null-sink', `sink_name=${name}`, ...SINK.split(' '));
  }

  unload(module: string): Promise<string> {
    return this.control('unload-module', module);
  }

  /** Plays a file into a sink; `voice` is what the microphone hears. */
  play(file: string, sink = 'voice'): Playing {
    const player = this.#client('paplay', [`--device=${sink}`, '--latency-msec=20', file]);
    const done = new Promise<void>((resolve, reject) => {
      player.once('error', reject);
      player.once('exit', (code, signal) => {
        if (code === 0 || signal) resolve();
        else reject(new Error(`paplay ${file} ended with ${code}`));
      });
    });
    return { done, stop: () => player.kill() };
  }

  /**
   * Records what the loudspeaker gives out, until stopped. Resolves when the first samples have arrived.
   * @param latencyMs how often samples come: what takes part of a second costs next to nothing
   */
  record(source = 'speaker.monitor', latencyMs = 10): Promise<Recording> {
    const format = ['--format=s16le', '--rate=48000', '--channels=1', `--latency-msec=${latencyMs}`, '--raw'];
    return Recording.start(this.#client('parec', [`--device=${source}`, ...format]));
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.kill('SIGKILL');
    if (this.#server.exitCode !== null || this.#server.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => this.#server.once('exit', () => resolve()));
    this.#server.kill('SIGTERM');
    const force = setTimeout(() => this.#server.kill('SIGKILL'), 2000);
    await exited;
    clearTimeout(force);
  }

  #client(program: string, args: readonly string[]): ChildProcess {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const client = spawn(program, args, { env: { ...process.env, ...this.env }, stdio: [...stdio] });
    this.#clients.add(client);
    client.once('exit', () => this.#clients.delete(client));
    return client;
  }
}
