/**
 * Between doubled brackets eSpeak takes its own phoneme names, and macOS' synthesiser commands (`[[rate 90]]`). The text is no markup, so a
 * space parts them.
 */
export function partBrackets(text: string): string {
  return text.replace(/\[(?=\[)/g, '[ ');
}
