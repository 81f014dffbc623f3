import { join } from 'node:path';
import * as v from 'valibot';
import { canonicalTag } from './language.ts';
import { readSound } from './read-sound.ts';
import { runProgram } from './run-program.ts';
import type { Voice, VoiceEngine } from './speech.ts';

/** PowerShell and .NET need seconds to load on a slow computer. */
const LIST_LIMIT_MS = 30_000;
const SPEAK_LIMIT_MS = 60_000;
const MAX_LIST_BYTES = 512 * 1024;
const MAX_SOUND_BYTES = 64 * 1024 * 1024;
const ENGINE = 'Windows';

const BEGIN = `$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
$synthesizer = New-Object System.Speech.Synthesis.SpeechSynthesizer
`;
/** Base64 both ways: the console's code page changes other text. */
export const LIST_SCRIPT = `${BEGIN}$voices = @($synthesizer.GetInstalledVoices() | Where-Object { $_.Enabled } | ForEach-Object {
  [pscustomobject]@{ name = $_.VoiceInfo.Name; language = $_.VoiceInfo.Culture.Name } })
$json = ConvertTo-Json -Compress -InputObject $voices
[Console]::Out.Write([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json)))`;
/** Reads two lines, the voice's name and the text, and writes a WAV file to standard output. */
export const SPEAK_SCRIPT = `${BEGIN}function Read-Text { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadLine())) }
$synthesizer.SelectVoice((Read-Text))
$text = Read-Text
$sound = New-Object IO.MemoryStream
$synthesizer.SetOutputToWaveStream($sound)
$synthesizer.Speak($text)
$synthesizer.SetOutputToNull()
$bytes = $sound.ToArray()
$output = [Console]::OpenStandardOutput()
$output.Write($bytes, 0, $bytes.Length)
$output.Flush()`;

const listSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ name: v.string(), language: v.string() })),
);

/** Windows' own voices (System.Speech), by Windows PowerShell 5.1, which every Windows has. */
export class WindowsVoices implements VoiceEngine {
  readonly name = 'windows';

  async list(): Promise<readonly Voice[]> {
    const limits = { limitMs: LIST_LIMIT_MS, maxBytes: MAX_LIST_BYTES, urgency: 'awaited' } as const;
    const list = await runProgram({ ...powershell(LIST_SCRIPT), ...limits });
    return windowsVoices(list.toString());
  }

  async speak(text: string, voice: Voice, signal: AbortSignal): Promise<Int16Array> {
    const limits = { limitMs: SPEAK_LIMIT_MS, maxBytes: MAX_SOUND_BYTES, urgency: 'awaited' } as const;
    const input = windowsInput(voice.id.slice(this.name.length + 1), text);
    const wav = await runProgram({ ...powershell(SPEAK_SCRIPT), input, ...limits }, signal);
    return readSound(ENGINE, wav);
  }
}

/** `-EncodedCommand` takes the script as base64 of UTF-16: nothing of it is quoted. */
export function powershell(script: string): { engine: string; program: string; args: string[] } {
  const folder = join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'WindowsPowerShell', 'v1.0');
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  return {
    engine: ENGINE,
    program: join(folder, 'powershell.exe'),
    args: ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded],
  };
}

export function windowsInput(voice: string, text: string): string {
  return [voice, text].map((line) => `${Buffer.from(line).toString('base64')}\n`).join('');
}

/** The voices in what the list's script prints; none where that is no list. */
export function windowsVoices(base64: string): Voice[] {
  const parsed = v.safeParse(listSchema, Buffer.from(base64.trim(), 'base64').toString());
  if (!parsed.success) return [];
  return parsed.output.flatMap(({ name, language }) => {
    const tag = canonicalTag(language);
    return tag === undefined
      ? []
      : [{ id: `windows:${name}`, name, language: tag, engine: 'windows' as const }];
  });
}
