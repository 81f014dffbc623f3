import { createRequire } from 'node:module';

/** The line that a try-out package prints at its start: it holds a substitute for Electron. Undefined for other packages. */
export function tryoutNotice(): string | undefined {
  const manifest = createRequire(import.meta.url)('../package.json') as { readonly tryout?: boolean };
  if (!manifest.tryout) return undefined;
  const { electron } = process.versions;
  return `This is a try-out, on Electron ${electron}, which gets no security fixes: it is not to be published or kept in use.`;
}
