/** What is used of the ws package, which has no types of its own. */
declare module "ws" {
  export class WebSocket {
    constructor(url: string, options: { readonly perMessageDeflate: boolean });
  }
}
