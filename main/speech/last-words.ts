/** What is kept of a process's output, characters. */
const KEPT = 4000;

/** Reads what a process prints to these streams. The function gives the last of it, which says why the process ended. */
export function lastWordsOf(streams: readonly (NodeJS.ReadableStream | null)[]): () => string {
  let words = '';
  for (const stream of streams)
    stream?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-KEPT)));
  return () => words;
}
