import { readWavInTurns } from '../../native-audio/index.ts';
import { engineGarbage } from './engine-errors.ts';

/** An engine's WAV file as 48 kHz mono. Rejects with a CorridorError where it is none, or empty. */
export async function readSound(engine: string, wav: Buffer): Promise<Int16Array> {
  let sound: Int16Array;
  try {
    sound = await readWavInTurns(wav);
  } catch (error) {
    throw engineGarbage(engine, error);
  }
  if (sound.length === 0) throw engineGarbage(engine);
  return sound;
}
