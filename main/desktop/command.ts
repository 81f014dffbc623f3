/**
 * The command on the packed program's command line, with its arguments: `corridor talk press`. A package has no Node.js besides the
 * app, and on desktops without global keys a person binds shortcuts to commands. `argv`: the program first.
 */
export function commandOf(argv: readonly string[]): readonly string[] | undefined {
  const at = argv.findIndex((argument, index) => index > 0 && argument !== '--no-sandbox');
  const first = argv[at];
  if (first === undefined) return undefined;
  // Links, files and options of the app never look like this.
  return /^[a-z]+(-[a-z]+)*$/.test(first) || first === '--help' || first === '--version'
    ? argv.slice(at)
    : undefined;
}
