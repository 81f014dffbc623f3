import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readWav } from '../../native-audio/index.ts';
import { correlate } from '../../test/support/correlate.ts';
import { newKey, WorkerProcess } from './test-support.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const lacks = (tool: string, ...args: string[]) =>
  spawnSync(tool, args, { stdio: 'ignore' }).status === 0
    ? false
    : `${tool} ${args.join(' ')} does not work here`;
const noSpeech = lacks('espeak-ng', '--version');
const noShark = process.getuid?.() === 0 ? lacks('tshark', '--version') : 'capturing packets needs root';
const noGstreamer = lacks('gst-inspect-1.0', 'srtpdec') || lacks('gst-inspect-1.0', 'opusdec');

/** What we send is the standard's, or these tools of others make nothing of it. */
describe('a stream on the wire, seen by others', { skip: noSpeech, timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'corridor-tools-'));
  let worker: WorkerProcess;
  let speech: Int16Array;

  before(async () => {
    const file = join(dir, 'speech.wav');
    execFileSync('espeak-ng', ['-w', file, 'Any standard tool can read this.']);
    speech = readWav(readFileSync(file));
    worker = await WorkerProcess.start({});
  });

  after(async () => {
    await worker?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const freePort = async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    return port;
  };

  it('is RTP to tshark: payload type 111, timestamps by 480', { skip: noShark }, async (t) => {
    const port = await freePort();
    const fields = ['rtp.version', 'rtp.p_type', 'rtp.marker', 'rtp.seq', 'rtp.timestamp', 'rtp.ssrc'];
    const shark = spawn(
      'tshark',
      [
        [
          '-i',
          'lo',
          '-l',
          '-f',
          `udp port ${port}`,
          '-d',
          `udp.port==${port},rtp`,
          '-c',
          '100',
          '-T',
          'fields',
        ],
        fields.flatMap((field) => ['-e', field]),
      ].flat(),
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    t.after(() => shark.kill('SIGKILL'));
    let text = '';
    shark.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(shark.stderr, 'data');
    // It says that it captures a moment before it does.
    await pause(1000);
    const targets = [{ address: '127.0.0.1', port }];
    const over = worker.next('talk-ended');
    worker.post({
      type: 'talk',
      id: 'shark',
      ssrc: 0xcafe,
      key: newKey(),
      targets,
      pcm: speech,
      keyDownAt: 0,
    });
    await Promise.race([once(shark, 'exit'), pause(8000)]);
    shark.kill();
    await over;
    const rows = text
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    assert.equal(rows.length, 100);
    // On a busy computer tshark begins a little late: then the first it saw is not fragment 0.
    const first = Number(rows[0]?.[3]);
    rows.forEach(([version, type, marker, sequence, timestamp, ssrc], row) => {
      const n = first + row;
      assert.deepEqual(
        [version, type, sequence, timestamp, ssrc],
        ['2', '111', `${n}`, `${n * 480}`, '0x0000cafe'],
      );
      assert.equal(marker === 'True' || marker === '1', n === 0);
    });
  });

  for (const [what, isRight] of [
    ['is speech to GStreamer, given the key', true],
    ['is nothing to GStreamer, given another key', false],
  ] as const) {
    it(what, { skip: noGstreamer }, async (t) => {
      const port = await freePort();
      const key = newKey();
      const given = isRight ? key : newKey();
      const hex = Buffer.concat([given.masterKey, given.masterSalt]).toString('hex');
      const raw = join(dir, `${isRight}.raw`);
      const caps = [
        'application/x-srtp,media=(string)audio,clock-rate=(int)48000,encoding-name=(string)OPUS,payload=(int)111',
        `ssrc=(uint)51966,srtp-key=(buffer)${hex}`,
        'srtp-cipher=(string)aes-128-gcm,srtp-auth=(string)null,srtcp-cipher=(string)aes-128-gcm,srtcp-auth=(string)null',
      ].join(',');
      const pipeline = `udpsrc address=127.0.0.1 port=${port} caps="${caps}" ! srtpdec ! rtpopusdepay ! opusdec ! audioconvert
        ! audioresample ! audio/x-raw,format=S16LE,rate=48000,channels=1 ! filesink location=${raw}`;
      const player = spawn('gst-launch-1.0', ['-e', ...split(pipeline)], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      t.after(() => player.kill('SIGKILL'));
      await once(player.stdout, 'data');
      await pause(1000);
      const targets = [{ address: '127.0.0.1', port }];
      const over = worker.next('talk-ended');
      worker.post({
        type: 'talk',
        id: `gst ${isRight}`,
        ssrc: 51966,
        key,
        targets,
        pcm: speech,
        keyDownAt: 0,
      });
      await over;
      await pause(300);
      const exited = once(player, 'exit');
      player.kill('SIGINT');
      await Promise.race([exited, pause(3000)]);
      const bytes = readFileSync(raw);
      const heard = new Int16Array(
        bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length - (bytes.length % 2)),
      );
      const { peak } = correlate(speech, heard);
      if (isRight) assert.ok(peak > 0.9, `${peak}`);
      else assert.equal(heard.length, 0);
    });
  }
});

/** By blanks, but not within quotes; GStreamer takes the quotes off. */
function split(pipeline: string): string[] {
  return pipeline.match(/[^\s"]*"[^"]*"|\S+/g) ?? [];
}
