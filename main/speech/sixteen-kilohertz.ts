import { resample } from '../../native-audio/index.ts';
import { nextTurn, SAMPLE_RATE_HZ } from '../model/index.ts';
import type { Gate } from './gate.ts';

/** What recognisers are trained on. */
export const SPEECH_RATE_HZ = 16_000;
export const STEP = SAMPLE_RATE_HZ / SPEECH_RATE_HZ;
/** This much is made in one turn of the event loop, samples of the result: a few milliseconds' work, so that heartbeats are not late. */
const A_TURN = SPEECH_RATE_HZ / 2;
/** Samples of the result on either side that the filter reaches into. */
export const REACH = 64;

/** Samples as -1 to 1. A loop, since `Float32Array.from` takes many times as long. */
export function floatsOf(pcm: Int16Array): Float32Array {
  const floats = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) floats[i] = pcm[i]! / 32768;
  return floats;
}

/** 48 kHz as 16 kHz, a part in each turn of the event loop while the gate is open. Rejects with the signal's reason. */
export async function toSpeechRate(pcm: Int16Array, gate: Gate, signal: AbortSignal): Promise<Int16Array> {
  const result = new Int16Array(Math.floor(pcm.length / STEP));
  for (let at = 0; at < result.length; at += A_TURN) {
    const from = Math.max(0, at - REACH);
    const to = Math.min(result.length, at + A_TURN + REACH);
    const part = floatsOf(pcm.subarray(from * STEP, to * STEP));
    const end = Math.min(result.length, at + A_TURN);
    result.set(resample(part, SAMPLE_RATE_HZ, SPEECH_RATE_HZ).subarray(at - from, end - from), at);
    await nextTurn();
    await gate.passed;
    signal.throwIfAborted();
  }
  return result;
}
