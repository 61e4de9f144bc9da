/** What the unsealed build has in the place of SFrame's opening: nothing. */
export class Opener {
  async open(frame: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    return frame;
  }
}
