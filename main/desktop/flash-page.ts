/** What a window that flashes the screen shows. Pure. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** The width of the edge that lights up, pixels. */
const EDGE = 28;
const PLATE_HEIGHT = 150;
const PLATE_SHARE = 0.4;
const MAX_PLATE_WIDTH = 900;

/** The plate with the text: at the top of the screen, beside the corners where desktops show notifications. */
function plateOf({ width }: Size): Rectangle {
  const plate = Math.round(Math.min(width * PLATE_SHARE, MAX_PLATE_WIDTH));
  return {
    ...{ x: Math.round((width - plate) / 2), y: 2 * EDGE },
    ...{ width: plate, height: PLATE_HEIGHT },
  };
}

/** The parts of the screen that it covers: an X server without a compositor draws what is transparent in black. */
export function shapeOf(size: Size): readonly Rectangle[] {
  const { width, height } = size;
  return [
    { x: 0, y: 0, width, height: EDGE },
    { x: 0, y: height - EDGE, width, height: EDGE },
    { x: 0, y: EDGE, width: EDGE, height: height - 2 * EDGE },
    { x: width - EDGE, y: EDGE, width: EDGE, height: height - 2 * EDGE },
    plateOf(size),
  ];
}

/**
 * The page, as an address: it has no script, and loads nothing. Its edge lights up three times in a second and a half, twice a second
 * (WCAG 2.3.1: less than three), and again after a pause where it `lasts`; it stays lit where the person wants less motion.
 */
export function flashPage(
  text: string,
  { lasts, language, size }: { readonly lasts: boolean; readonly language: string; readonly size: Size },
): string {
  const plate = plateOf(size);
  const html = `<!doctype html>
<html lang="${escaped(language)}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(text)}</title>
<style>
html, body { margin: 0; height: 100%; overflow: hidden; background: transparent; cursor: default; }
.edge { position: fixed; inset: 0; box-sizing: border-box; border: ${EDGE - 4}px solid #1f5fcc;
  box-shadow: inset 0 0 0 4px #fff; animation: once 0.5s step-end 3 both; }
.lasts { animation: lasts 3s step-end infinite; }
p { position: fixed; left: ${plate.x}px; top: ${plate.y}px; width: ${plate.width}px; height: ${plate.height}px;
  box-sizing: border-box; margin: 0; padding: 0 24px; border: 6px solid #86b3ff; background: #10131a; color: #fff;
  font: 700 40px/1.15 system-ui, sans-serif; display: flex; align-items: center; justify-content: center; text-align: center; }
span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; overflow-wrap: anywhere; }
@keyframes once { 0% { opacity: 1; } 50%, 100% { opacity: 0; } }
@keyframes lasts { 0%, 16.6%, 33.3% { opacity: 1; } 8.3%, 25%, 41.6%, 100% { opacity: 0; } }
@media (prefers-reduced-motion: reduce) { .edge, .lasts { animation: none; } }
</style>
<div class="edge${lasts ? ' lasts' : ''}"></div>
<p><span dir="auto">${escaped(text)}</span></p>
</html>`;
  return `data:text/html;charset=utf-8,${encodeURIComponent(html)}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
