import { readWav } from '../../native-audio/index.ts';
import { engineGarbage } from './engine-errors.ts';

/** An engine's WAV file as 48 kHz mono. @throws CorridorError where it is none, or empty */
export function readSound(engine: string, wav: Buffer): Int16Array {
  let sound: Int16Array;
  try {
    sound = readWav(wav);
  } catch (error) {
    throw engineGarbage(engine, error);
  }
  if (sound.length === 0) throw engineGarbage(engine);
  return sound;
}
