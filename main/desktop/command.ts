/**
 * The command that the packed program is asked for, with its arguments: `corridor talk press`. A package brings no Node.js beside
 * the app, and desktops that allow no global keys need commands to bind. `argv`: the program first.
 */
export function commandOf(argv: readonly string[]): readonly string[] | undefined {
  const at = argv.findIndex((argument, index) => index > 0 && argument !== '--no-sandbox');
  const first = argv[at];
  if (first === undefined) return undefined;
  // No link, no file and no option of the app looks like that.
  return /^[a-z]+(-[a-z]+)*$/.test(first) || first === '--help' || first === '--version'
    ? argv.slice(at)
    : undefined;
}
