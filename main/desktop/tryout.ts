import { createRequire } from 'node:module';

/** The line that a package says at its start which was made with what stands in for Electron; undefined for any other. */
export function tryoutNotice(): string | undefined {
  const manifest = createRequire(import.meta.url)('../package.json') as { readonly tryout?: boolean };
  if (!manifest.tryout) return undefined;
  const { electron } = process.versions;
  return `This is a try-out, on Electron ${electron}, which gets no security fixes: it is not to be published or kept in use.`;
}
