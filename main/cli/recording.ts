import { open } from 'node:fs/promises';
import { UsageError } from './exit.ts';

/** 140 MB of WAV are about 200 MB of base64, the API's limit; ten minutes at 48 kHz are 58 MB. */
const MAX_FILE_BYTES = 140 * 1024 * 1024;

/** A WAV file as the API takes it. @throws UsageError where it is none */
export async function readRecording(path: string): Promise<string> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${path} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}.`,
    );
  });
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new UsageError(`${path} is not a file. Give a WAV file.`);
    if (info.size > MAX_FILE_BYTES)
      throw new UsageError(`${path} is too large. A message lasts ten minutes at most.`);
    const bytes = await file.readFile();
    if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
      throw new UsageError(`${path} is not a WAV file. Make one: ffmpeg -i ${path} speech.wav`);
    }
    return bytes.toString('base64');
  } finally {
    await file.close();
  }
}
