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
  // `protocol.handle` came with Electron 25; this one works from 22 on, so that what the tests run is what people have.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  to.registerBufferProtocol(PANEL_SCHEME, (request, answer) => {
    void readPanelFile(folder, request.url).then(({ status, type, data }) =>
      answer({
        statusCode: status,
        mimeType: type,
        charset: 'utf-8',
        headers: {
          'Content-Security-Policy': CONTENT_SECURITY_POLICY,
          'X-Content-Type-Options': 'nosniff',
          'Cache-Control': 'no-store',
        },
        data,
      }),
    );
  });
}
