/** The client's page inside the editor: what the page may do there, which is nothing but be read. */

/** Styles and pictures that are in the page itself; no scripts, no network. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/** The page with its policy. It brings its own colours, for light and dark. */
export function shown(page: string): string {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  const head = /<head[^>]*>/i.exec(page);
  if (head === null) return meta + page;
  const behind = head.index + head[0].length;
  return page.slice(0, behind) + meta + page.slice(behind);
}

/** Why there is none, in the words of the command. */
export function failed(said: string): string {
  const words = said.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return shown(`<!doctype html><html><head></head><body><h1>No page yet</h1><pre>${words}</pre></body></html>`);
}
