import { CorridorError } from '../model/index.ts';

/** Stands in a person's command where the path of the WAV file goes. */
const PLACE = '{wav}';

interface ProgramStart {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * A person's command as the program and its arguments, for a start without a shell. Spaces part the arguments. Within '…' or "…" everything
 * is literal, up to the same quotation mark; quoted and unquoted parts that touch are one argument. There are no escapes and no variables,
 * so a Windows path needs neither: `"C:\Program Files\whisper\main.exe" -f {wav}`. `{wav}` becomes the path of the WAV file, which is
 * appended as the last argument where the command does not have it.
 * @throws CorridorError `command-empty`, `command-quote`
 */
export function splitCommand(command: string, wav: string): ProgramStart {
  const { program, args } = programOf(command);
  const isPlaced = args.some((part) => part.includes(PLACE));
  return { program, args: isPlaced ? args.map((part) => part.replaceAll(PLACE, wav)) : [...args, wav] };
}

/** The same for a command that gets no file. */
export function programOf(command: string): ProgramStart {
  const [program, ...args] = partsOf(command);
  if (!program) {
    throw new CorridorError('command-empty', 'The command is empty. Give a program with its arguments.');
  }
  return { program, args };
}

function partsOf(command: string): string[] {
  const parts: string[] = [];
  let part: string | undefined;
  let quote: string | undefined;
  for (const character of command) {
    if (character === quote) quote = undefined;
    else if (quote !== undefined) part = (part ?? '') + character;
    else if (character === '"' || character === "'") {
      quote = character;
      part ??= '';
    } else if (/\s/.test(character)) {
      if (part !== undefined) parts.push(part);
      part = undefined;
    } else part = (part ?? '') + character;
  }
  if (quote !== undefined) {
    throw new CorridorError(
      'command-quote',
      'A quotation mark is missing in the command. Each one that begins also has to end.',
    );
  }
  return part === undefined ? parts : [...parts, part];
}
