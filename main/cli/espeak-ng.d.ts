/** The parts of the package that the demo uses; the package has no types of its own. */
declare module 'espeak-ng' {
  interface ESpeak {
    readonly FS: { readFile(path: string): Uint8Array };
  }
  export default function espeak(options: {
    readonly arguments: readonly string[];
    readonly print?: (line: string) => void;
    readonly printErr?: (line: string) => void;
  }): Promise<ESpeak>;
}
