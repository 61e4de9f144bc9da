/** A static site on a free port of the loopback, with the headers that a test asks for. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A path's body; the content type follows from the path's ending. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A running site. */
export interface Site {
  /** "http://127.0.0.1:PORT", a secure context for browsers. */
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  css: "text/css",
};

/** Serves `files` (keys begin with "/"; "/" itself is a page) until closed. */
export async function serveFiles(files: Files, headers: Readonly<Record<string, string>> = {}): Promise<Site> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://site").pathname;
    const body = files[path];
    const type = TYPES[path.split(".").at(-1) ?? ""] ?? "text/html; charset=utf-8";
    response.writeHead(body === undefined ? 404 : 200, { ...headers, "Content-Type": type });
    response.end(body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
