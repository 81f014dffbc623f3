import { protocol, type Protocol } from 'electron';
import { PANEL_SCHEME, readPanelFile } from './panel-files.ts';

/**
 * The panel comes over a scheme of its own instead of file://, where a page that was taken over could read every file of the
 * person's. It serves the panel's folder and nothing else, and says with every answer what the page may do.
 */

/** Nothing comes from elsewhere, nothing is evaluated, nothing is sent anywhere. The page says the same of itself. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Must be said before the app is ready. */
export function declarePanelScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PANEL_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the panel's folder to the pages of a session. */
export function servePanel(to: Protocol, folder: string): void {
  to.handle(PANEL_SCHEME, async ({ url }) => {
    const { status, type, data } = await readPanelFile(folder, url);
    return new Response(new Uint8Array(data), {
      status,
      headers: {
        'Content-Type': `${type}; charset=utf-8`,
        'Content-Security-Policy': CONTENT_SECURITY_POLICY,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
      },
    });
  });
}
