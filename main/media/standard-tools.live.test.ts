import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { readWav } from '../../native-audio/index.ts';
import { correlate } from '../../test/support/correlate.ts';
import { eventually } from '../../test/support/eventually.ts';
import { tempFolder } from '../../test/support/temp-folder.ts';
import type { MessageKey } from './index.ts';
import { newKey, WorkerProcess } from './test-support.ts';

const SSRC = 0xcafe;
/** Of packets that show that tshark captures: it prints them as it prints the worker’s. */
const PROBE_SSRC = 0xbeef;
const SAMPLES_PER_FRAGMENT = 480;
/** GStreamer’s decoder may leave out the first samples, as RFC 7845 asks of a player. */
const LEFT_OUT = 2 * SAMPLES_PER_FRAGMENT;
const BYTES_PER_SAMPLE = 2;

const lacks = (tool: string, ...args: string[]) =>
  spawnSync(tool, args, { stdio: 'ignore' }).status === 0
    ? false
    : `${tool} ${args.join(' ')} does not work here`;
const noSpeech = lacks('espeak-ng', '--version');
const noShark = process.getuid?.() === 0 ? lacks('tshark', '--version') : 'capturing packets needs root';
const noGstreamer = lacks('gst-inspect-1.0', 'srtpdec') || lacks('gst-inspect-1.0', 'opusdec');

/** If the worker did not send what the standards say, the tools of others could not read it. */
describe('the stream that a worker sends', { skip: noSpeech, timeout: 60_000 }, () => {
  const dir = tempFolder('tools');
  let worker: WorkerProcess;
  let speech: Int16Array;
  let talks = 0;

  before(async () => {
    const file = join(dir, 'speech.wav');
    execFileSync('espeak-ng', ['-w', file, 'Any standard tool can read this.']);
    speech = readWav(readFileSync(file));
    worker = await WorkerProcess.start({});
  });

  after(async () => {
    await worker?.close();
  });

  const freePort = async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    return port;
  };

  /** Speaks to these ports. Resolves with the number of fragments, when all are sent. */
  const speakTo = async (ports: readonly number[], key: MessageKey): Promise<number> => {
    talks += 1;
    const targets = ports.map((port) => ({ address: '127.0.0.1', port }));
    const over = worker.next('talk-ended');
    worker.post({ type: 'talk', id: `talk-${talks}`, ssrc: SSRC, key, targets, pcm: speech, keyDownAt: 0 });
    return (await over).count;
  };

  /** GStreamer, which opens what comes to this port by the key and decodes it into the file. Resolves once it listens. */
  const startPlayer = async (t: TestContext, port: number, key: MessageKey, file: string) => {
    const hex = Buffer.concat([key.masterKey, key.masterSalt]).toString('hex');
    const caps = [
      'application/x-srtp,media=(string)audio,clock-rate=(int)48000,encoding-name=(string)OPUS,payload=(int)111',
      `ssrc=(uint)${SSRC},srtp-key=(buffer)${hex}`,
      'srtp-cipher=(string)aes-128-gcm,srtp-auth=(string)null,srtcp-cipher=(string)aes-128-gcm,srtcp-auth=(string)null',
    ].join(',');
    const pipeline = `udpsrc address=127.0.0.1 port=${port} caps="${caps}" ! srtpdec ! rtpopusdepay ! opusdec ! audioconvert
      ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! filesink buffer-mode=unbuffered location=${file}`;
    const player = spawn('gst-launch-1.0', ['-e', ...split(pipeline)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    t.after(() => player.kill('SIGKILL'));
    let printed = '';
    player.stdout.on('data', (text: Buffer) => (printed += text.toString()));
    // It opens its socket before it begins to play.
    await eventually(
      () => /Setting pipeline to PLAYING/.test(printed),
      () => `GStreamer plays, instead of: ${printed}`,
    );
    return {
      stop: async () => {
        const exited = once(player, 'exit');
        player.kill('SIGINT');
        await exited;
      },
    };
  };

  it('is RTP to tshark: payload type 111, timestamps by 480', { skip: noShark }, async (t) => {
    const port = await freePort();
    const fields = ['rtp.version', 'rtp.p_type', 'rtp.marker', 'rtp.seq', 'rtp.timestamp', 'rtp.ssrc'];
    const capture = [
      '-i',
      'lo',
      '-l',
      '-f',
      `udp port ${port}`,
      '-d',
      `udp.port==${port},rtp`,
      '-T',
      'fields',
    ];
    const shark = spawn('tshark', [...capture, ...fields.flatMap((field) => ['-e', field])], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // It ends the process that captures for it, which SIGKILL would leave behind.
    t.after(async () => {
      const exited = once(shark, 'exit');
      shark.kill('SIGTERM');
      await exited;
    });
    let text = '';
    shark.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const rowsOf = (ssrc: number) =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split('\t'))
        .filter((row) => Number(row[5]) === ssrc);
    // What tshark says of itself comes before it captures: only a packet that it prints shows that it does.
    const probe = createSocket('udp4');
    t.after(() => probe.close());
    const packet = Buffer.alloc(40);
    packet.writeUInt16BE(0x806f, 0);
    packet.writeUInt32BE(PROBE_SSRC, 8);
    await eventually(() => {
      probe.send(packet, port, '127.0.0.1');
      return rowsOf(PROBE_SSRC).length > 0;
    }, 'tshark prints a probe');
    const count = await speakTo([port], newKey());
    await eventually(
      () => rowsOf(SSRC).length >= count,
      () => `tshark prints ${count} packets, instead of ${rowsOf(SSRC).length}`,
    );
    rowsOf(SSRC).forEach(([version, type, marker, sequence, timestamp], n) => {
      assert.deepEqual([version, type, sequence, timestamp], ['2', '111', `${n}`, `${n * 480}`]);
      assert.equal(marker === 'True' || marker === '1', n === 0);
    });
  });

  it(
    'is speech to GStreamer with the key, and nothing with another key',
    { skip: noGstreamer },
    async (t) => {
      const key = newKey();
      const [withKey, withAnother] = [join(dir, 'key.raw'), join(dir, 'another.raw')];
      const ports = [await freePort(), await freePort()] as const;
      const players = [
        await startPlayer(t, ports[0], key, withKey),
        await startPlayer(t, ports[1], newKey(), withAnother),
      ];
      const count = await speakTo(ports, key);
      // Both got each fragment at once: the one with the key shows when the last has been through.
      const size = () => (existsSync(withKey) ? statSync(withKey).size : 0);
      await eventually(
        () => size() >= (count * SAMPLES_PER_FRAGMENT - LEFT_OUT) * BYTES_PER_SAMPLE,
        () =>
          `${count} fragments are decoded, instead of ${size() / SAMPLES_PER_FRAGMENT / BYTES_PER_SAMPLE}`,
      );
      for (const player of players) await player.stop();
      const bytes = readFileSync(withKey);
      const heard = Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2));
      const { peak } = correlate(speech, heard);
      assert.ok(peak > 0.9, `${peak}`);
      assert.equal(statSync(withAnother).size, 0);
    },
  );
});

/** By blanks, but not within quotes; GStreamer takes the quotes off. */
function split(pipeline: string): string[] {
  return pipeline.match(/[^\s"]*"[^"]*"|\S+/g) ?? [];
}
