import type { SoundState } from '../../native-audio/index.ts';
import { assertNever, whyOf } from '../model/index.ts';
import type { AudioPort } from './audio-port.ts';
import { CallMicrophone, USUAL_CALL_SOUND } from './call-microphone.ts';
import { CaptionTap } from './caption-tap.ts';
import { CallMixdown } from './call-mixdown.ts';
import { devicesOf } from './devices-of.ts';
import { Codecs } from './codecs.ts';
import { Conversations } from './conversations.ts';
import { DroppedCount } from './dropped.ts';
import { Playouts } from './playouts.ts';
import { Loudness } from './loudness.ts';
import { MediaSockets } from './media-sockets.ts';
import { Metering } from './metering.ts';
import type { SoundConfiguration, MediaAddress, WorkerCommand, WorkerEvent } from './protocol.ts';
import { Recorder } from './recorder.ts';
import { RtpDemuxer } from './rtp-demuxer.ts';
import { rendered } from './render.ts';
import { Ringing } from './ringing.ts';
import { isRtcp } from './rtp.ts';
import { SoundTest } from './sound-test.ts';
import { Transmitter } from './transmitter.ts';

const LEVEL_EVERY_MS = 100;

/** Everything the media worker does: it owns the socket and the sound devices, carries out orders, and reports what happens. */
export class MediaHost {
  readonly #emit: (event: WorkerEvent) => void;
  readonly #clock = () => performance.now();
  readonly #audio: AudioPort;
  readonly #codecs = new Codecs();
  readonly #captions: CaptionTap;
  readonly #transmitter: Transmitter;
  readonly #metering: Metering;
  readonly #recorder: Recorder;
  readonly #soundTest: SoundTest;
  readonly #playouts: Playouts;
  readonly #demuxer: RtpDemuxer;
  readonly #conversations: Conversations;
  readonly #callMicrophone: CallMicrophone;
  readonly #mixdown: CallMixdown;
  readonly #ringing: Ringing;
  readonly #loudness: Loudness;
  readonly #dropped = new DroppedCount();
  readonly #levels = { microphone: 0, speaker: 0 };
  #levelAt = 0;
  readonly #sockets: MediaSockets;
  #isClosed = false;

  /** Takes the audio port over, and closes it. */
  constructor(audio: AudioPort, emit: (event: WorkerEvent) => void) {
    this.#audio = audio;
    this.#emit = emit;
    this.#metering = new Metering(audio);
    this.#recorder = new Recorder(audio, emit);
    this.#sockets = new MediaSockets({
      onPacket: (packet, from, isByGroup) => this.#receive(packet, from, isByGroup),
      bound: (port) => emit({ type: 'bound', port }),
      failed: (text) => emit({ type: 'bind-failed', text }),
    });
    const send = (packet: Uint8Array, to: MediaAddress) => this.#sockets.send(packet, to);
    this.#captions = new CaptionTap(emit);
    const parts = { audio, codecs: this.#codecs, captions: this.#captions, emit, send, clock: this.#clock };
    this.#transmitter = new Transmitter(parts);
    this.#playouts = new Playouts(parts);
    this.#demuxer = new RtpDemuxer({
      ...parts,
      onUnknown: () => this.#audio.expectVoice(),
      onFrame: (id, n, frame, at) => {
        this.#playouts.get(id)?.putReceived(n, frame, at);
        this.#conversations.put(id, n, frame, at);
      },
    });
    this.#ringing = new Ringing(audio);
    this.#callMicrophone = new CallMicrophone(parts);
    this.#mixdown = new CallMixdown(parts);
    this.#conversations = new Conversations({
      ...parts,
      microphone: this.#callMicrophone,
      mixdown: this.#mixdown,
      demuxer: this.#demuxer,
      isTalking: () => this.#transmitter.isActive || this.#recorder.isActive,
    });
    this.#loudness = new Loudness({ emit, isBusy: () => this.#isActive });
    this.#soundTest = new SoundTest(this.#audio, (test) => emit({ type: 'sound-test', ...test }));
    this.#audio.on('state', (state) => this.#tellSound(state));
    this.#audio.on('level', ({ kind, peak }) => {
      this.#levels[kind] = Math.max(this.#levels[kind], peak);
      this.#tellLevel();
    });
  }

  /** Everything was given back: the thread may end. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  get #isActive(): boolean {
    return [this.#transmitter, this.#recorder, this.#playouts, this.#conversations].some(
      ({ isActive }) => isActive,
    );
  }

  get #isUsed(): boolean {
    return this.#isActive || this.#ringing.isOn || this.#metering.isOn || this.#soundTest.isActive;
  }

  /** Never rejects: an order that cannot be carried out is counted as dropped. */
  async execute(command: WorkerCommand): Promise<void> {
    try {
      await this.#execute(command);
    } catch (error) {
      this.#drop(`order "${command.type}": ${whyOf(error)}`);
    }
  }

  async #execute(command: WorkerCommand): Promise<void> {
    switch (command.type) {
      case 'sound':
        this.#configure(command.sound);
        break;
      case 'bind':
        return this.#sockets.bind(command.address, command.port);
      case 'join':
        return this.#sockets.join(command.group ?? undefined);
      case 'list-devices':
        this.#emit(devicesOf(this.#audio, command.request));
        break;
      case 'talk':
        this.#soundTest.close();
        this.#transmitter.start(command);
        break;
      case 'talk-renew':
        this.#transmitter.renew(command);
        break;
      case 'talk-targets':
        this.#transmitter.setTargets(command);
        break;
      case 'record':
      case 'record-stop':
        if (command.type === 'record') this.#soundTest.close();
        this.#recorder.execute(command);
        break;
      case 'talk-announced':
        this.#transmitter.announced(command.id);
        break;
      case 'talk-stop':
        this.#transmitter.stop(command.id);
        break;
      case 'call':
        this.#soundTest.close();
        this.#conversations.start(command);
        break;
      case 'call-change':
        this.#conversations.change(command);
        break;
      case 'call-end':
        this.#conversations.end(command.id);
        break;
      case 'call-record':
        this.#mixdown.record(command.recording, command.calls);
        break;
      case 'call-record-end':
        this.#mixdown.end(command.recording);
        break;
      case 'recording-tone':
      case 'waiting-tone':
        this.#ringing.execute(command);
        break;
      case 'ring':
        if (command.ring !== null) this.#callMicrophone.prepare();
        this.#ringing.set(command.ring);
        break;
      case 'call-tone':
        this.#callMicrophone.prepare();
        this.#ringing.announce(() => this.#emit({ type: 'call-toned', id: command.id }));
        break;
      case 'receive':
        if (command.play) this.#playouts.live(command);
        this.#demuxer.expect(command);
        break;
      case 'receive-sealed':
        this.#demuxer.expect({ ...command, key: null });
        break;
      case 'receive-end':
        this.#demuxer.end(command.id, command.count);
        this.#playouts.get(command.id)?.setCount(command.count);
        break;
      case 'forget':
        this.#demuxer.forget(command.id);
        this.#transmitter.forget(command.id);
        this.#playouts.stop(command.id);
        break;
      case 'play':
      case 'play-fragments':
      case 'playback':
      case 'playback-seek':
      case 'playback-speed':
      case 'speak':
      case 'gain':
        this.#playouts.execute(command);
        break;
      case 'render':
        this.#emit(await rendered(command));
        break;
      case 'loudness':
        this.#loudness.measure(command);
        break;
      case 'meter':
        this.#metering[command.on ? 'start' : 'stop']();
        break;
      case 'sound-test':
        this.#soundTest[command.action](command.pcm);
        this.#emit({ type: 'sound-tested', request: command.request, ...this.#soundTest.test });
        break;
      case 'packets':
        for (const { bytes, from, isByGroup = false } of command.packets)
          this.#receive(bytes, from, isByGroup);
        break;
      case 'ping':
        this.#emit({ type: 'pong' });
        break;
      case 'rest':
        if (!this.#isUsed) return this.close();
        this.#emit({ type: 'stays' });
        break;
      case 'close':
        return this.close();
      default:
        return assertNever(command);
    }
  }

  #configure(configuration: SoundConfiguration): void {
    const {
      microphone,
      speaker,
      ready,
      tones = true,
      alerts = true,
      calls,
      captions = false,
    } = configuration;
    this.#captions.isOn = captions;
    if (ready === 'warm') void this.#codecs.prepare();
    this.#audio.configure({
      ...{ microphone: microphone ?? undefined, speaker: speaker ?? undefined },
      ...{ ready, tones, fallback: true },
    });
    Object.assign(this.#playouts, { alerts, tones });
    this.#ringing.alerts = alerts;
    this.#callMicrophone.configure(calls ?? USUAL_CALL_SOUND);
    this.#tellSound(this.#audio.state);
  }

  #receive(packet: Uint8Array, from: MediaAddress, isByGroup: boolean): void {
    let refusal: string | undefined;
    // Nobody asks the whole group.
    if (isRtcp(packet)) refusal = isByGroup ? 'asked of the group' : this.#answer(packet, from);
    else refusal = this.#demuxer.receive(packet, from, isByGroup);
    if (refusal !== undefined) this.#drop(refusal);
  }

  #answer(packet: Uint8Array, from: MediaAddress): string | undefined {
    const now = this.#clock();
    const refusal = this.#transmitter.answer(packet, from, now);
    return refusal === undefined ? undefined : this.#conversations.answer(packet, from, now) && refusal;
  }

  #drop(reason: string): void {
    const total = this.#dropped.add(reason, this.#clock());
    if (total !== undefined) this.#emit({ type: 'dropped', reason, total });
  }

  #tellSound({ microphone, speaker }: SoundState): void {
    this.#emit({ type: 'sound-state', microphone, speaker });
  }

  /** Reports the loudness while a device is in use. An idle node reports nothing. */
  #tellLevel(): void {
    const now = this.#clock();
    if (now - this.#levelAt < LEVEL_EVERY_MS) return;
    if (this.#isUsed) {
      this.#levelAt = now;
      this.#emit({ type: 'level', ...this.#levels });
    }
    this.#levels.microphone = 0;
    this.#levels.speaker = 0;
  }

  /** Ends everything that is going on, and gives socket and devices back. */
  async close(): Promise<void> {
    this.#metering.stop();
    const talking = [this.#transmitter, this.#recorder, this.#conversations, this.#ringing, this.#soundTest];
    for (const part of [...talking, this.#playouts, this.#demuxer, this.#loudness]) part.close();
    await this.#sockets.close();
    await this.#audio.close();
    this.#isClosed = true;
  }
}
